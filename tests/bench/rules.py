#!/usr/bin/python3
"""What a verdict costs: the core of `postroom-rules explain` beside GMime's parser alone and Python's email + re.

    tests/bench/rules.py [--build DIR] [--rounds 15] [--quick]

Mails of 2 KB and 50 KB (Russian and English, plain and HTML, base64 and quoted-printable), 100 to 10,000 keywords.
Processor time, median of interleaved rounds; ratios are round by round, so a busy machine matters
little. The same mails and keywords for all."""
import argparse, base64, email, email.policy, html, json, os, pathlib, quopri, random, re, subprocess, tempfile, time

import messages

SOURCE = pathlib.Path(__file__).resolve().parents[2]
COUNTS = (100, 1000, 10000)
ENGLISH = '''Yesterday evening I paid for the order by card and the money was taken, but my account still shows it unpaid.
Please check whether the payment has arrived and send a confirmation to this address.
For three days I have not been able to log in: after the password the page opens again without any message.
I tried another browser and a phone, and the result is exactly the same.
Could you tell me when the courier comes and whether the delivery can be moved to Saturday?
The waybill shows the old address of our warehouse, we moved last month.
Our accountants ask for the reconciliation statement of the second quarter and a stamped invoice.
The operator promised on the phone to call back within an hour, but nobody has called.
The goods came in a damaged box, photographs are attached.
I would like to know the terms for companies and whether we can pay by contract.
The application closes right after it starts, the version is the latest, I have restarted the phone.
Please refund the cancelled order, the claim was sent two weeks ago.'''.split('\n')
LANGUAGES = {'ru': messages.SENTENCES, 'en': ENGLISH}


def encoded(text, encoding):
    data = text.encode()
    return (base64.encodebytes(data) if encoding == 'base64' else quopri.encodestring(data)).decode()


def part(text, kind, encoding):
    return ('Content-Type: text/%s; charset=utf-8\nContent-Transfer-Encoding: %s\n\n' % (kind, encoding)
            + encoded(text, encoding))


def page(text):
    rows = ''.join('<tr><td style="padding:4px"><p class="x">%s</p></td><td><a href="https://shop.test/%d">#</a></td></tr>\n'
                   % (html.escape(p).replace('\n', '<br>'), len(p)) for p in text.split('\n\n'))
    return '<html><head><style>p {color: #333}</style></head><body><table>%s</table></body></html>\n' % rows


def mail(chance, language, kind, encoding, size):
    text = ''
    while len(text.encode()) < size:
        text += ' '.join(chance.sample(LANGUAGES[language], 3)) + '\n\n'
    while len(text.encode()) > size:
        text = text[:-1]
    head = ('Received: from mail.home.test (mail.home.test [192.0.2.7]) by mx.desk.test with ESMTPS id 4F%06X\n'
            '\tfor <support@desk.test>; Mon, 02 Nov 2026 10:00:00 +0300\nMessage-ID: <%d@home.test>\n'
            'Date: Mon, 02 Nov 2026 10:00:00 +0300\nFrom: %s <anna@home.test>\nTo: <support@desk.test>\nSubject: %s\n'
            'MIME-Version: 1.0\n' % (chance.getrandbits(24), chance.getrandbits(40), messages.word(chance.choice(messages.NAMES)),
                                     messages.word(chance.choice(messages.SUBJECTS))))
    if kind == 'plain':
        return head + part(text, 'plain', encoding)
    if kind == 'html':
        return head + part(page(text), 'html', encoding)
    half = text[:len(text) // 3]
    return (head + 'Content-Type: multipart/mixed; boundary="=_m"\n\n--=_m\nContent-Type: multipart/alternative; boundary="=_a"\n\n'
            '--=_a\n' + part(half, 'plain', encoding) + '\n--=_a\n' + part(page(half), 'html', encoding) + '\n--=_a--\n\n--=_m\n'
            'Content-Type: application/pdf; name="act.pdf"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n'
            + base64.encodebytes(chance.randbytes(size // 2)).decode() + '--=_m--\n')


def fitted(make, target):
    """The largest mail of at most `target` bytes that make(size of the text) gives."""
    low, high = 1, target
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if len(make(middle).encode()) > target else (middle, high)
    return make(low)


def write_mails(directory, target):
    paths = []
    for number, (language, kind, encoding) in enumerate(
            (l, k, e) for l in LANGUAGES for k in ('plain', 'html', 'mixed') for e in ('base64', 'quoted-printable')):
        text = fitted(lambda size: mail(random.Random(number), language, kind, encoding, size), target)
        paths.append(pathlib.Path(directory) / ('%d-%02d-%s-%s.eml' % (target, number, language, kind)))
        paths[-1].write_text(text)
    return paths


def keywords(chance, count, occurring):
    """`occurring` words and phrases of the mails, then words that begin as theirs do and are in none of them."""
    sentences = [re.findall(r'\w+', s) for texts in LANGUAGES.values() for s in texts]
    words = list(dict.fromkeys(w for s in sentences for w in s if len(w) > 4))
    phrases = list(dict.fromkeys(' '.join(s[i:i + n]) for n in (2, 3, 4) for s in sentences for i in range(len(s) - n + 1)))
    seen = words + phrases
    chance.shuffle(seen)
    letters = {True: 'оеаинтсрвлкмдпуя', False: 'etaoinshrdlcumwf'}
    unseen = set()
    while len(unseen) < count:
        word = chance.choice(words)
        unseen.add(word[:-3] + ''.join(chance.choice(letters[word > 'z']) for _ in range(chance.randint(3, 6))))
    return (seen[:occurring] + sorted(unseen - set(seen)))[:count]


def python_micros(paths, words):
    """An afternoon's script: parse, decode, strip tags, one alternation of all words."""
    found = re.compile(r'\b(?:%s)\b' % '|'.join(re.escape(w) for w in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    mails = [path.read_bytes() for path in paths]
    start = time.process_time()
    for data in mails:
        message = email.message_from_bytes(data, policy=email.policy.default)
        texts = [str(message['subject']), str(message['from']), str(message['to'])]
        for one in message.walk():
            if one.get_content_maintype() == 'text':
                text = one.get_content()
                texts.append(html.unescape(re.sub(r'<[^>]*>', ' ', text)) if one.get_content_subtype() == 'html' else text)
        set(match.group(0).casefold() for match in found.finditer('\n'.join(texts)))
    return (time.process_time() - start) * 1e6 / len(mails)


def explain(options, directory, words, counts, paths):
    """Row of each count, and of "gmime"."""
    listed = pathlib.Path(directory) / 'keywords.txt'
    listed.write_text('\n'.join(words) + '\n')
    argv = ['%s/bench/explain' % options.build, str(options.rounds), listed, ','.join(map(str, counts)), *paths]
    rows = map(json.loads, subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines())
    return {row['work']: row for row in rows}


def measure(options, directory, target):
    """A few of the keywords occur, as in a desk of many rules; last, thousands do."""
    paths = write_mails(directory, target)
    few, many = (keywords(random.Random(1), COUNTS[-1], n) for n in (50, COUNTS[-1] // 2))
    rows = explain(options, directory, few, COUNTS, paths)
    dense = explain(options, directory, many, COUNTS[-1:], paths)[str(COUNTS[-1])]
    print('\n%d KB: GMime alone %.0f microseconds' % (target // 1024, rows['gmime']['micros']))
    print('%9s %12s %12s %8s %12s %10s %14s' % ('keywords', 'microseconds', 'messages/s', '/ GMime', '/ fewest', 'build ms', 'Python / ours'))
    for count, words, row in [(c, few, rows[str(c)]) for c in COUNTS] + [(COUNTS[-1], many, dense)]:
        python = python_micros(paths[:2] if options.quick or count > 1000 else paths, words[:count])
        print('%9d %12.0f %12.0f %8.2f %12.2f %10.0f %14.1f%s' % (
            count, row['micros'], 1e6 / row['micros'], row['ratio'], row['ratio'] / rows[str(COUNTS[0])]['ratio'], row['build_ms'],
            python / row['micros'], '  every word is a keyword' if words is many else ''), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=str(SOURCE / 'build/release'))
    parser.add_argument('--rounds', type=int, default=15)
    parser.add_argument('--quick', action='store_true')
    options = parser.parse_args()
    subprocess.run(['cmake', '--build', options.build, '--target', 'explain'], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as directory:
        for target in (2048, 51200):
            measure(options, directory, target)


if __name__ == '__main__':
    main()
