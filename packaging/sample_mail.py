"""The mails that quickstart sends: our own, one of each kind that a help desk meets."""

import base64
import dataclasses
import quopri

SUPPORT, SALES, BILLING, NEWS, FORM = (f"{name}@desk.test" for name in ("support", "sales", "billing", "news", "form"))
CUSTOMERS = ("anna", "john", "petr", "maria", "sergey", "lena", "kate", "dima")


@dataclasses.dataclass(frozen=True)
class Sample:
    what: str
    sender: str  # envelope; "" the null sender
    recipients: tuple
    data: bytes


def word(text, charset="utf-8"):
    """RFC 2047 encoded word."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def mail(sender, to, subject, body, **headers):
    """Header lines and a body of bytes; a header name has '_' for '-'."""
    fields = {"From": sender, "To": to, "Subject": subject, "Date": "Mon, 23 Nov 2026 09:15:00 +0300",
              "MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8",
              "Content-Transfer-Encoding": "8bit"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    data = head.encode() + b"\n" + (body.encode() if isinstance(body, str) else body)
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def russian():
    body = base64.encodebytes("Здравствуйте!\n\nВчера с карты списали деньги, но не прошла оплата заказа 4417.\n"
                              "Разберитесь, пожалуйста.\n\n-- \nАнна Петрова\n".encode())
    data = mail(f"{word('Анна Петрова')} <anna@customer.test>", SUPPORT, word("Не прошла оплата"), body,
                Message_ID="<pay-4417@customer.test>", Content_Transfer_Encoding="base64")
    return Sample("Russian, UTF-8 in base64: a failed payment", "anna@customer.test", (SUPPORT,), data)


def english():
    data = mail("John Smith <john@customer.test>", BILLING, "Invoice 2026-118 has the wrong address",
                "Good morning,\n\nplease send the invoice again, our address has changed.\n\nJohn\n",
                Message_ID="<invoice-118@customer.test>")
    return Sample("English, plain", "john@customer.test", (BILLING,), data)


def koi8r():
    body = "Добрый день!\nПодскажите, когда привезут мой заказ и можно ли изменить адрес доставки?\nПётр\n"
    data = mail(f"{word('Пётр', 'koi8-r')} <petr@customer.test>", SUPPORT, word("Где мой заказ?", "koi8-r"),
                body.encode("koi8-r"), Content_Type="text/plain; charset=koi8-r")
    return Sample("Russian, KOI8-R", "petr@customer.test", (SUPPORT,), data)


def cp1251():
    body = quopri.encodestring("Здравствуйте, у меня жалоба на курьера: он опоздал на три часа.\n".encode("cp1251"))
    data = mail(f"{word('Мария', 'windows-1251')} <maria@customer.test>", SUPPORT,
                word("Жалоба", "windows-1251"), body, Content_Type="text/plain; charset=windows-1251",
                Content_Transfer_Encoding="quoted-printable")
    return Sample("Russian, windows-1251: a complaint", "maria@customer.test", (SUPPORT,), data)


def html_only():
    body = ("<html><head><style>p {color: red}</style></head><body><p>Уважаемая поддержка,</p>"
            "<p>ваше приложение <b>не открывается</b> после обновления.</p><p>Сергей</p></body></html>\n")
    data = mail(f"{word('Сергей')} <sergey@customer.test>", SUPPORT, word("Приложение не открывается"), body,
                Content_Type="text/html; charset=utf-8")
    return Sample("HTML only", "sergey@customer.test", (SUPPORT,), data)


def multipart(text, name, kind, content):
    """A text and one attachment: (body, Content-Type)."""
    body = (f"--=_b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
            f"--=_b\nContent-Type: {kind}; name=\"{word(name)}\"\nContent-Transfer-Encoding: base64\n"
            f"Content-Disposition: attachment; filename=\"{word(name)}\"\n\n").encode()
    return body + base64.encodebytes(content) + b"--=_b--\n", 'multipart/mixed; boundary="=_b"'


def attachment():
    body, kind = multipart("Прилагаю снимок экрана с ошибкой.", "снимок экрана.png", "image/png",
                           b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    data = mail(f"{word('Лена')} <lena@customer.test>", SUPPORT, word("Ошибка при входе"), body,
                Content_Type=kind, Content_Transfer_Encoding="7bit")
    return Sample("with an attachment", "lena@customer.test", (SUPPORT,), data)


def big():
    body, kind = multipart("The log you asked for.", "server.log.gz", "application/gzip",
                           bytes(range(256)) * 17500)
    data = mail("Kate Brown <kate@customer.test>", SUPPORT, "The log file", body, Content_Type=kind,
                Content_Transfer_Encoding="7bit")
    return Sample("with an attachment of 6 MB", "kate@customer.test", (SUPPORT,), data)


def auto_reply():
    data = mail("Dima <dima@customer.test>", NEWS, "Out of office: Autumn offers",
                "I am back on 7 December.\n", Auto_Submitted="auto-replied")
    return Sample("an out-of-office reply to the newsletter", "dima@customer.test", (NEWS,), data)


def bounce():
    body = ("--b\nContent-Type: text/plain\n\nThe newsletter could not be delivered.\n\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.test\n\n"
            "Final-Recipient: rfc822; gone@customer.test\nAction: failed\nStatus: 5.1.1\n\n--b--\n")
    data = mail("Mail Delivery System <MAILER-DAEMON@customer.test>", NEWS, "Undelivered Mail Returned to Sender",
                body, Auto_Submitted="auto-replied",
                Content_Type="multipart/report; report-type=delivery-status; boundary=b")
    return Sample("a bounce of the newsletter", "", (NEWS,), data)


def web_form():
    body = ("Новая заявка с сайта\n\nИмя: Елена Смирнова\nE-mail: lena@customer.test\nТелефон: +7 495 123-45-67\n"
            "Сообщение: перезвоните мне, пожалуйста, приложение не открывается.\n")
    data = mail("Site <www-data@www.desk.test>", FORM, word("Заявка с сайта", "koi8-r"), body.encode("koi8-r"),
                Content_Type="text/plain; charset=koi8-r", Auto_Submitted="auto-generated")
    return Sample("a web form, mailed by the site's robot", "www-data@www.desk.test", (FORM,), data)


def forged():
    data = mail("Mallory <mallory@customer.test>", SALES, "Thank you for nothing",
                "I have set my own priority and my own ticket.\n", X_Postroom_Priority="high",
                X_Postroom_Queue="billing", X_Postroom_Ticket="1; message=1; mac=forged")
    return Sample("with forged X-Postroom-* headers", "mallory@customer.test", (SALES,), data)


def two_recipients():
    data = mail("Kate Brown <kate@customer.test>", f"{SALES}, {SUPPORT}", "Question about the contract",
                "Which of you can tell me when our contract ends?\n\nKate\n")
    return Sample("to two addresses of the desk", "kate@customer.test", (SALES, SUPPORT), data)


def list_mail():
    data = mail("Somebody <somebody@lists.test>", SALES, "[offers] Weekly digest", "Five new offers.\n",
                List_Id="Offers <offers.lists.test>", Precedence="list")
    return Sample("from a mailing list", "offers-bounces@lists.test", (SALES,), data)


def spam():
    data = mail("Watches <best@cheap-watches.test>", SUPPORT, "Cheap watches", "Buy now!\n", X_Spam_Flag="YES")
    return Sample("spam, flagged by the mail filter", "best@cheap-watches.test", (SUPPORT,), data)


def receipt():
    data = mail("John Smith <john@customer.test>", BILLING, "I was charged twice",
                "You charged twice for order 991. Please confirm that you have read this.\n",
                Disposition_Notification_To="john@customer.test", Return_Receipt_To="john@customer.test")
    return Sample("asking for a read receipt", "john@customer.test", (BILLING,), data)


def again():
    """What a mail client does that has not heard an answer: the same mail a second time."""
    return dataclasses.replace(english(), what="John's client has sent the same mail twice")


def answer(acknowledgement):
    """What Anna's mail client makes of an answer to the acknowledgement: it goes to its Reply-To."""
    to = acknowledgement["Reply-To"].addresses[0].addr_spec
    quoted = "".join(f"> {line}\n" for line in acknowledgement.get_body().get_content().rstrip().splitlines())
    references = f"{acknowledgement['References'] or ''} {acknowledgement['Message-ID']}"
    data = mail(f"{word('Анна Петрова')} <anna@customer.test>", to, word(f"Re: {acknowledgement['Subject']}"),
                f"Деньги списали второй раз. Номер карты прислать?\n\n23.11.2026 09:15, {BILLING} пишет:\n\n{quoted}",
                Message_ID="<answer-4417@customer.test>", In_Reply_To=acknowledgement["Message-ID"],
                References="\n ".join(references.split()))
    return Sample("Anna answers the acknowledgement", "anna@customer.test", (to,), data)


def samples():
    return [make() for make in (russian, english, again, koi8r, cp1251, html_only, attachment, big, auto_reply, bounce,
                                web_form, forged, two_recipients, list_mail, spam, receipt)]
