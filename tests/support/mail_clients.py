"""Replies as mail clients write them: prefix, References, quoting, HTML. reply() is the only entrance.

A client is a row: what it puts before the subject, which references it keeps, how it quotes, how it encodes. The
rows follow what these programs send; names, addresses and texts are ours."""

import base64
import dataclasses
import email.header
import html
import quopri
import typing

WHEN_EN, WHEN_RU = "Mon, 23 Nov 2026 12:00:05 +0300", "23.11.2026, 12:00"


@dataclasses.dataclass(frozen=True)
class Letter:
    """What is answered, as the client shows it."""
    name: str
    address: str
    subject: str
    message_id: str
    references: tuple
    text: str


@dataclasses.dataclass(frozen=True)
class Client:
    name: str
    prefix: str
    quote: typing.Callable  # (Letter) -> quoted text
    message_id: str  # {} is the mark
    parts: tuple  # subtypes of text/, in order
    encoding: str = "quoted-printable"
    charset: str = "utf-8"
    references: str = "all"  # all | parent | none
    in_reply_to: bool = True
    headers: tuple = ()
    signature: str = ""
    above: bool = True  # the answer stands above the quotation


def lines(text, mark="> "):
    return "\n".join(f"{mark}{line}".rstrip() for line in text.rstrip().splitlines())


def attributed(template):
    return lambda letter: template.format(**vars(letter)) + "\n\n" + lines(letter.text)


def outlook_block(words):
    sender, sent, to, subject = words

    def quote(letter):
        return (f"________________________________\n{sender}: {letter.name} <{letter.address}>\n"
                f"{sent}: Monday, November 23, 2026 12:00 PM\n{to}: Customer\n{subject}: {letter.subject}\n\n"
                f"{letter.text}")
    return quote


def no_quote(_):
    return ""


CLIENTS = {c.name: c for c in (
    Client("gmail web", "Re: ", attributed("On Mon, Nov 23, 2026 at 12:00\u202fPM {name} <{address}>\nwrote:"),
           "CAF{}+abc=Q@mail.gmail.test", ("plain", "html"), "base64"),
    Client("gmail web, Russian", "Re: ",
           attributed("пн, 23 нояб. 2026\u202fг. в 12:00, {name} <{address}>:"),
           "CAK{}_Z7x@mail.gmail.test", ("plain", "html"), "base64"),
    Client("outlook", "RE: ", outlook_block(("From", "Sent", "To", "Subject")),
           "AM0PR07MB{}A1B2@AM0PR07MB4401.eurprd07.prod.outlook.test", ("plain", "html"),
           headers=(("Thread-Topic", "{subject}"), ("Thread-Index", "AQHa1b2c3d4e5f6g7h8i9j0k=="),
                    ("X-Mailer", "Microsoft Outlook 16.0"), ("Importance", "normal"))),
    Client("outlook, Russian", "HA: ", outlook_block(("От", "Отправлено", "Кому", "Тема")),
           "{}DB8PR04MB@DB8PR04MB.eurprd04.prod.outlook.test", ("plain", "html"), "base64", "koi8-r",
           headers=(("Thread-Topic", "{subject}"), ("Accept-Language", "ru-RU, en-US"))),
    Client("outlook, German", "AW: ", outlook_block(("Von", "Gesendet", "An", "Betreff")),
           "{}VI1PR@VI1PR.eurprd01.prod.outlook.test", ("plain", "html"), charset="iso-8859-1",
           headers=(("Thread-Topic", "{subject}"), ("Accept-Language", "de-DE"))),
    Client("apple mail", "Re: ", attributed("> On 23 Nov 2026, at 12:00, {name} <{address}> wrote:"),
           "{}-4C1E-9B2A-77D1@customer.test", ("plain",),
           headers=(("MIME-Version", "1.0 (Mac OS X Mail 16.0 \\(3776.700.51\\))"), ("X-Mailer", "Apple Mail (2.3776)"))),
    Client("thunderbird", "Re: ", attributed("On 11/23/26 12:00, {name} wrote:"), "{}-1f2e-3d4c@customer.test",
           ("plain",), "8bit", headers=(("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "en-US")), above=False),
    Client("thunderbird, Russian", "Re: ", attributed("23.11.2026 12:00, {name} пишет:"), "{}-7a6b@customer.test",
           ("plain",), "8bit", headers=(("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "ru")), above=False),
    Client("mail.ru web", "Re: ",
           attributed("Понедельник, 23 ноября 2026, 12:00 +03:00 от {name} <{address}>:\n "),
           "1732352405.{}@f123.i.mail.test", ("plain", "html"), "base64",
           headers=(("X-Mailer", "Mail.Ru Mailer 1.0"), ("X-Priority", "3 (Normal)")), signature="-- \nОтправлено из Почты Mail"),
    Client("yandex web", "Re: ", attributed(WHEN_RU + ', "{name}" <{address}>:'), "88{}@mail.yandex.test", ("html",),
           headers=(("X-Mailer", "Yamail [ http://yandex.ru ] 5.0"),)),
    Client("iphone", "Re: ", attributed("> 23 нояб. 2026 г., в 12:00, {name} <{address}> написал(а):"),
           "{}-0B1C@customer.test", ("plain",), "base64",
           headers=(("X-Mailer", "iPhone Mail (22B91)"),), signature="Отправлено с iPhone"),
    Client("android", "Отв: ", outlook_block(("От", "Дата", "Кому", "Тема")), "{}.1732352405@email.android.test",
           ("plain", "html"), "base64", references="none",
           headers=(("X-Mailer", "Samsung Email"),), signature="Отправлено с мобильного устройства"),
    Client("mutt", "Re: ", attributed("On Mon, Nov 23, 2026 at 12:00:05PM +0300, {name} wrote:"),
           "{}.GA4711@customer.test", ("plain",), "8bit", headers=(("User-Agent", "Mutt/2.2.9"),), above=False),
    Client("webmail of a provider", "Re: ", no_quote, "{}.squirrel@webmail.customer.test", ("plain",), "8bit",
           references="parent", in_reply_to=False),
    Client("ticket system", "Antw: ", attributed("{name} <{address}> schrieb am 23.11.2026 um 12:00 Uhr:"),
           "{}.gwise@customer.test", ("plain",), references="none", headers=(("X-Mailer", "GroupWise 18"),)),
)}


def letter_of(mail):
    """What a client shows of a parsed mail (email.policy.default)."""
    sender = mail["From"].addresses[0]
    ids = tuple(word.strip("<>") for word in (mail["References"] or "").split())
    return Letter(sender.display_name, sender.addr_spec, str(mail["Subject"]), mail["Message-ID"].strip().strip("<>"),
                  ids, mail.get_body(("plain",)).get_content())


def word(text):
    return text if text.isascii() else email.header.Header(text, "utf-8", maxlinelen=70).encode()


def encoded(text, client):
    data = text.encode(client.charset, "replace")
    if client.encoding == "base64":
        return base64.encodebytes(data)
    if client.encoding == "quoted-printable":
        return quopri.encodestring(data)
    return data if data.endswith(b"\n") else data + b"\n"


def text_of(subtype, answer, quotation, charset):
    pieces = [piece for piece in (answer, quotation) if piece]
    if subtype == "plain":
        return "\n\n".join(pieces) + "\n"
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in answer.split("\n"))
    quoted = "".join(f"{html.escape(line)}<br>\n" for line in quotation.split("\n"))
    box = f'<blockquote class="gmail_quote" type="cite">{quoted}</blockquote>' if quotation else ""
    return f'<html><head><meta charset="{charset}"></head><body><div>{paragraphs}</div>\n{box}</body></html>\n'


def body_of(client, answer, quotation):
    """(Content-Type and -Transfer-Encoding lines, bytes)"""
    parts = []
    for subtype in client.parts:
        head = (f"Content-Type: text/{subtype}; charset={client.charset}\n"
                f"Content-Transfer-Encoding: {client.encoding}\n")
        parts.append((head, encoded(text_of(subtype, answer, quotation, client.charset), client)))
    if len(parts) == 1:
        return parts[0]
    inner = b"".join(b"--=_part\n" + head.encode() + b"\n" + data + b"\n" for head, data in parts)
    return 'Content-Type: multipart/alternative; boundary="=_part"\n', inner + b"--=_part--\n"


def threading_of(client, letter):
    fields = {}
    if client.in_reply_to:
        fields["In-Reply-To"] = f"<{letter.message_id}>"
    ids = {"all": (*letter.references, letter.message_id), "parent": (letter.message_id,), "none": ()}[client.references]
    if ids:
        fields["References"] = "\n ".join(f"<{one}>" for one in ids)
    return fields


def reply(client, mail, mark, text, sender, to, **changes):
    """The answer to a parsed mail: bytes with CRLF. `changes`: header lines instead of the client's ('_' for '-');
    None leaves one out."""
    letter = letter_of(mail)
    answer = text + (f"\n\n{client.signature}" if client.signature else "")
    quotation = client.quote(letter)
    kind, body = body_of(client, answer, quotation)
    if len(client.parts) == 1 and not client.above:
        kind, body = body_of(client, f"{quotation}\n\n{answer}", "")
    bare = letter.subject if letter.subject.lower().startswith(client.prefix.lower()) else client.prefix + letter.subject
    fields = {"From": sender, "To": to, "Subject": word(bare), "Date": WHEN_EN, "X-Token": mark,
              "Message-ID": f"<{client.message_id.format(mark)}>", "MIME-Version": "1.0", **threading_of(client, letter)}
    fields.update({name: word(value.format(subject=letter.subject)) for name, value in client.headers})
    fields.update({name.replace("_", "-"): value for name, value in changes.items()})
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    return (head.encode() + kind.encode() + b"\n" + body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
