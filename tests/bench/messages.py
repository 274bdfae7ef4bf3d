"""Help-desk mail of about 2 KB and 50 KB, made up, always the same: write(directory, count).

blast fills in @SEQ@, @RUN@, @RCPT@ and @FROM@. 2k: text/plain in the charsets and encodings that Russian mail
comes in, every sixth multipart/alternative. 50k: alternative with HTML and a PDF in base64."""
import base64, os, quopri, random, textwrap

SUBJECTS = ['Не работает личный кабинет', 'Возврат оплаты по счёту', 'Вопрос по доставке заказа', 'Ошибка при входе',
            'Просьба выслать акт сверки', 'Жалоба на обслуживание', 'Заявка на подключение услуги', 'Re: Обращение принято']
NAMES = ['Иван Петров', 'Мария Сидорова', 'Ольга Кузнецова', 'Алексей Смирнов', 'Пётр Васильев']
SENTENCES = '''Вчера вечером я оплатил заказ картой, деньги списались, но в личном кабинете он числится неоплаченным.
Прошу проверить, дошёл ли платёж, и прислать подтверждение на этот адрес.
Уже третий день не могу войти: после ввода пароля страница открывается снова, без всякого сообщения.
Пробовал другой браузер и телефон, результат тот же самый.
Подскажите, пожалуйста, когда приедет курьер и можно ли перенести доставку на субботу.
В накладной указан старый адрес склада, мы переехали ещё в прошлом месяце.
Бухгалтерия просит выслать акт сверки за второй квартал и счёт-фактуру с печатью.
Оператор по телефону обещал перезвонить в течение часа, но так никто и не позвонил.
Товар пришёл с повреждённой упаковкой, фотографии прилагаю во вложении.
Хотел бы узнать условия для юридических лиц и возможность оплаты по договору.
Приложение закрывается сразу после запуска, версия последняя, телефон перезагружал.
Верните, пожалуйста, деньги за отменённый заказ, заявление отправлено две недели назад.
Нам нужно подключить ещё пять рабочих мест, какие документы для этого требуются?
Спасибо за быстрый ответ в прошлый раз, надеюсь, и сейчас вопрос решится так же скоро.
Если потребуется дополнительная информация, звоните по будням с девяти до шести.'''.split('\n')
KINDS = [('utf-8', 'base64'), ('utf-8', 'quoted-printable'), ('koi8-r', 'base64'), ('windows-1251', 'quoted-printable'),
         ('utf-8', '8bit'), None]


def encoded(data, encoding):
    if encoding == 'base64':
        return base64.encodebytes(data)
    return quopri.encodestring(data) if encoding == 'quoted-printable' else data


def word(text):
    pieces = textwrap.wrap(text, 20, drop_whitespace=False)
    return '\n '.join('=?UTF-8?B?%s?=' % base64.b64encode(piece.encode()).decode() for piece in pieces)


def text_of(chance, size):
    text = 'Здравствуйте!\n\n'
    while len(text) < size:
        text += textwrap.fill(' '.join(chance.sample(SENTENCES, 3)), 72) + '\n\n'
    return text[:size].rstrip() + '\n\n-- \nС уважением, ' + chance.choice(NAMES) + '\n'


def head(chance, number):
    minute = number % 60
    return ('Received: from mail.client.test (mail.client.test [127.0.0.%d]) by mx.client.test with ESMTPS id 4F%06X\n'
            '\tfor <@RCPT@>; Mon, 02 Nov 2026 10:%02d:00 +0300\n'
            'Message-ID: <@RUN@.@SEQ@@client.test>\nDate: Mon, 02 Nov 2026 10:%02d:00 +0300\n'
            'From: %s <@FROM@>\nTo: <@RCPT@>\nSubject: %s\nMIME-Version: 1.0\nX-Mailer: blast\n'
            % (number % 250 + 1, chance.getrandbits(24), minute, minute, word(chance.choice(NAMES)),
               word('%s №%d' % (chance.choice(SUBJECTS), chance.randrange(10 ** 5))))).encode()


def leaf(text, kind):
    charset, encoding = kind
    return (b'Content-Type: text/plain; charset=%s\nContent-Transfer-Encoding: %s\n\n' % (charset.encode(), encoding.encode())
            + encoded(text.encode(charset, 'replace'), encoding))


def alternative(text, boundary):
    html = '<html><body>%s</body></html>\n' % ''.join('<p>%s</p>\n' % p for p in text.split('\n\n'))
    return (b'--%s\n' % boundary + leaf(text, ('utf-8', 'quoted-printable'))
            + b'\n--%s\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n' % boundary
            + encoded(html.encode(), 'base64') + b'--%s--\n' % boundary)


def small(number, size):
    chance = random.Random(number)
    top, text, kind = head(chance, number), text_of(chance, size), KINDS[number % len(KINDS)]
    if kind:
        return top + leaf(text, kind)
    return top + b'Content-Type: multipart/alternative; boundary="=_alt"\n\n' + alternative(text, b'=_alt')


def large(number, size):
    chance = random.Random(number)
    top, text = head(chance, number), text_of(chance, size)
    return (top + b'Content-Type: multipart/mixed; boundary="=_mixed"\n\n'
            b'--=_mixed\nContent-Type: multipart/alternative; boundary="=_alt"\n\n' + alternative(text, b'=_alt')
            + b'\n--=_mixed\nContent-Type: application/pdf; name="act.pdf"\nContent-Disposition: attachment; '
            b'filename*=UTF-8\'\'%D0%B0%D0%BA%D1%82.pdf\nContent-Transfer-Encoding: base64\n\n'
            + encoded(chance.randbytes(18000), 'base64') + b'--=_mixed--\n')


def fitted(make, number, target):
    low, high = 1, target
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if len(make(number, middle)) > target else (middle, high)
    return make(number, low)


def write(directory, count=200):
    for name, make, target in (('2k', small, 2048), ('50k', large, 51200)):
        os.makedirs('%s/%s' % (directory, name), exist_ok=True)
        for number in range(count):
            with open('%s/%s/%04d.eml' % (directory, name, number), 'wb') as out:
                out.write(fitted(make, number, target))
