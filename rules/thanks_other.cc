#include "rules/thanks_table.h"

namespace postroom {
namespace {

using enum ThanksPart;

constexpr ThanksRow rows[] = {
    // Dutch
    {thanks,
     "bedankt|dank|dank u|dank u wel|dank je|dank je wel|dankjewel|dankuwel|hartelijk dank|heel erg "
     "bedankt|erg bedankt|veel "
     "dank|heel hartelijk dank|hartelijk bedankt|alvast hartelijk bedankt voor alles|nogmaals "
     "bedankt|nogmaals dank|bedankt "
     "nogmaals|super bedankt|dank jullie wel|mijn dank|duizendmaal dank|heel veel dank|thanks"},
    {company,
     "voor uw hulp|voor de hulp|voor je hulp|voor jullie hulp|voor uw snelle reactie|voor de snelle "
     "reactie|voor je snelle "
     "reactie|voor uw reactie|voor de reactie|voor je reactie|voor het antwoord|voor uw antwoord|voor de "
     "info|voor de "
     "informatie|voor de snelle hulp|voor de snelle service|voor de uitleg|voor alles|voor de moeite|voor uw "
     "tijd|voor de "
     "ondersteuning|en|zeer|allemaal|alles werkt|het werkt|werkt|werkt weer|het werkt weer|het werkt "
     "nu|alles werkt nu|alles "
     "werkt weer|het is gelukt|gelukt|alles in orde|in orde|alles "
     "goed|prima|super|geweldig|perfect|uitstekend|top|fijn|heel "
     "fijn|begrepen|duidelijk|helder|ontvangen|akkoord|goed|oké|ok|opgelost|probleem opgelost|het probleem "
     "is opgelost|is "
     "opgelost|fijne dag|een fijne dag|nog een fijne dag|prettige dag|fijn weekend|prettig weekend|fijne "
     "avond|tot ziens|"
     "groeten|groetjes|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|mvg|gr|hartelijke "
     "groet|hartelijke "
     "groeten|vriendelijke groeten"},
    {greeting,
     "hallo|goedemorgen|goedemiddag|goedenavond|goedendag|beste|geachte|heer|mevrouw|hoi|dag|meneer|geachte "
     "heer|geachte "
     "mevrouw"},
    {refusal,
     "nee|niet|geen|maar|echter|helaas|wat|wanneer|waar|wie|waarom|hoe|welke|hoeveel|kan|kunt|kunnen|zou|"
     "graag|alstublieft|"
     "alsjeblieft|alvast|voorbaat|nog|nog "
     "steeds|als|vraag|fout|probleem|ja|dringend|wacht|annuleren|terugbetaling|zonder"},
    // Swedish, Danish, Norwegian, Icelandic
    {thanks,
     "tack|tack så mycket|tackar|tusen tack|stort tack|tack så jättemycket|många tack|tackar så mycket|tack "
     "ska du ha|tack "
     "snälla|tack igen|hjärtligt tack|ett stort tack|stort tack igen|"
     "tak|mange tak|tusind tak|tak skal du have|tak skal i have|mange tusind tak|tak igen|"
     "takk|takk skal du ha|tusen takk|mange takk|hjertelig takk|takk igjen|takk for alt|takk fyrir|kærar "
     "þakkir|þakka þér "
     "fyrir|takk kærlega|takk kærlega fyrir"},
    {company,
     "för hjälpen|för din hjälp|för er hjälp|för svaret|för snabbt svar|för ditt svar|för ert svar|för den "
     "snabba hjälpen|"
     "för snabb hjälp|för informationen|för infon|för allt|och|så mycket|allt fungerar|det "
     "fungerar|fungerar|nu fungerar "
     "det|nu fungerar allt|det fungerar nu|allt fungerar nu|det funkar|funkar|nu funkar det|allt är bra|allt "
     "bra|allt är ok|"
     "toppen|perfekt|utmärkt|jättebra|bra|super|förstått|uppfattat|mottaget|okej|ok|löst|problemet är "
     "löst|ha en bra dag|ha "
     "en fin dag|trevlig helg|ha en trevlig helg|ha det bra|hej då|med vänlig hälsning|med vänliga "
     "hälsningar|mvh|vänliga "
     "hälsningar|hälsningar|vänligen|"
     "for hjælpen|for din hjælp|for jeres hjælp|for svaret|for hurtigt svar|for dit svar|for det hurtige "
     "svar|for den "
     "hurtige hjælp|for alt|og|alt virker|det virker|virker|nu virker det|det virker nu|alt virker nu|alt i "
     "orden|i orden|"
     "fint|super|fantastisk|forstået|modtaget|godt|løst|problemet er løst|hav en god dag|god dag|god "
     "weekend|fortsat god "
     "dag|farvel|venlig hilsen|med venlig hilsen|hilsen|de bedste hilsner|"
     "for hjelpen|for din hjelp|for rask svar|for raskt svar|alt fungerer|det fungerer|fungerer|nå fungerer "
     "det|det fungerer "
     "nå|nå fungerer alt|alt er i orden|alt er bra|flott|topp|supert|forstått|mottatt|ha en fin dag|ha en "
     "god dag|god helg|"
     "ha det|med vennlig hilsen|vennlig hilsen|"
     "fyrir hjálpina|fyrir svarið|allt virkar|kveðja|bestu kveðjur|kær kveðja|með kveðju"},
    {greeting,
     "hej|hejsan|god morgon|god dag|goddag|kära|kære|kjære|hei|god morgen|hallo|tjena|halló|sæl|sæll|góðan "
     "dag"},
    {refusal,
     "nej|inte|ingen|men|dock|tyvärr|vad|när|var|vem|varför|hur|vilken|kan|kunde|skulle|snälla "
     "ni|förhand|fortfarande|om|"
     "fråga|fel|ja|brådskande|väntar|utan|ikke|intet|dog|desværre|hvad|hvornår|hvor|hvem|hvorfor|hvordan|"
     "hvilken|forhånd|"
     "stadig|hvis|spørgsmål|fejl|venter|uden|nei|dessverre|hva|når|feil|fortsatt|uten|ekki|en|hvað|hvernig|"
     "hvenær|já"},
    // Finnish, Estonian, Hungarian
    {thanks,
     "kiitos|kiitos ja|kiitos paljon ja|kiitokset|kiitti|kiitoksia|paljon kiitoksia|kiitos paljon|suuri "
     "kiitos|suuret kiitokset|kiitos teille|kiitos "
     "sinulle|kiitos vielä|tuhannet kiitokset|lämmin kiitos|kiitän|iso kiitos|"
     "aitäh|tänan|tänan väga|suur aitäh|suur tänu|aitäh teile|tänud|täname|suured tänud|"
     "köszönöm|köszi|köszönjük|nagyon köszönöm|köszönöm szépen|szépen köszönöm|nagyon szépen "
     "köszönöm|köszönöm a segítséget|"
     "köszönöm a választ|köszönöm a gyors választ|köszönöm a segítségét|köszönettel|hálásan köszönöm|még "
     "egyszer köszönöm|"
     "köszönöm még egyszer|nagyon köszönjük|ezer köszönet|kösz"},
    {company,
     "avusta|nopeasta vastauksesta|vastauksesta|avustanne|nopeasta avusta|tiedosta|kaikesta|kaikki "
     "toimii|toimii|nyt "
     "toimii|nyt kaikki toimii|kaikki toimii nyt|kaikki "
     "kunnossa|kunnossa|hienoa|loistavaa|mahtavaa|selvä|selvä juttu|"
     "ymmärrän|hyvä|hyvin|ok|ongelma ratkesi|ratkaistu|hyvää päivänjatkoa|mukavaa päivää|hyvää "
     "viikonloppua|mukavaa "
     "viikonloppua|hyvää päivää|näkemiin|terveisin|ystävällisin terveisin|parhain terveisin|yt|t|"
     "abi eest|kiire vastuse eest|vastuse eest|kõik töötab|töötab|nüüd töötab|kõik "
     "korras|korras|selge|hästi|väga hea|ilusat "
     "päeva|kena päeva|lugupidamisega|parimate soovidega|"
     "minden működik|működik|most már működik|már működik|minden "
     "rendben|rendben|szuper|remek|tökéletes|értem|értettem|"
     "megkaptam|jó|oké|megoldódott|a probléma megoldódott|szép napot|szép napot kívánok|további szép "
     "napot|jó hétvégét|"
     "viszontlátásra|üdvözlettel|tisztelettel|üdv|és|mindent|mindenkinek"},
    {greeting,
     "hei|moi|terve|hyvää huomenta|arvoisa|hyvä vastaanottaja|moikka|tere|tere "
     "päevast|lugupeetud|szia|sziasztok|jó napot|jó "
     "napot kívánok|tisztelt|kedves|hölgyem|uram|jó reggelt"},
    {refusal,
     "ei|en|mutta|kuitenkin|valitettavasti|mitä|mikä|milloin|missä|kuka|miksi|miten|kuinka|voitteko|"
     "voisitteko|etukäteen|"
     "edelleen|vielä "
     "ei|jos|kysymys|virhe|kyllä|odotan|ilman|aga|kuid|kahjuks|mis|millal|kus|kes|miks|kuidas|palun|ette|"
     "ikka|"
     "kui|jah|nem|de|azonban|sajnos|mi|mikor|hol|ki|miért|hogyan|hogy|melyik|mennyi|kérem|kérek|előre|még "
     "mindig|újra|ha|"
     "kérdés|hiba|igen|sürgős|várom|nélkül|csak"},
    // Latvian, Lithuanian
    {thanks,
     "paldies|liels paldies|paldies jums|liels paldies jums|sirsnīgs paldies|pateicos|pateicamies|"
     "ačiū|labai ačiū|dėkoju|labai dėkoju|dėkojame|ačiū jums|dėkui|didelis ačiū|nuoširdžiai dėkoju"},
    {company,
     "par palīdzību|par atbildi|par ātro atbildi|viss strādā|strādā|tagad strādā|viss "
     "kārtībā|labi|sapratu|jauku dienu|lai "
     "jauka diena|ar cieņu|un|"
     "už pagalbą|už atsakymą|už greitą atsakymą|viskas veikia|veikia|dabar veikia|viskas "
     "gerai|gerai|supratau|gražios dienos|"
     "geros dienos|pagarbiai|su pagarba|ir"},
    {greeting, "labdien|sveiki|labrīt|cienījamie|laba diena|labas|sveiki visi|gerbiami|gerbiamas"},
    {refusal,
     "nē|ne|bet|tomēr|diemžēl|kas|kad|kur|kāpēc|kā|kāds|lūdzu|iepriekš|joprojām|ja|jautājums|kļūda|jā|"
     "neveikia|tačiau|deja|"
     "ką|kada|kodėl|kaip|koks|prašau|iš anksto|vis dar|jei|klausimas|klaida|taip|nestrādā"},
    // Turkish, Azerbaijani, Kazakh, Uzbek, Kyrgyz, Tatar
    {thanks,
     "teşekkürler|teşekkür ederim|teşekkür ederiz|çok teşekkürler|çok teşekkür ederim|çok teşekkür "
     "ederiz|sağ olun|sağolun|"
     "sağ ol|sağol|tekrar teşekkürler|tekrar teşekkür ederim|minnettarım|çok sağ olun|tesekkurler|tesekkur "
     "ederim|cok "
     "tesekkurler|cok tesekkur ederim|"
     "təşəkkürlər|təşəkkür edirəm|çox sağ olun|çox sağ ol|minnətdaram|"
     "рахмет|көп рахмет|үлкен рахмет|рақмет|көп рақмет|рахмет сізге|сізге рахмет|алғыс|алғыс айтамын|көп "
     "рахмет сізге|рахмат|"
     "чоң рахмат|ыраазымын|рәхмәт|зур рәхмәт|"
     "rahmat|katta rahmat|raxmat|katta raxmat|rahmat sizga|tashakkur|minnatdorman"},
    {company,
     "yardımınız için|yardımlarınız için|hızlı cevabınız için|cevabınız için|hızlı yanıtınız için|yanıtınız "
     "için|ilginiz "
     "için|desteğiniz için|bilgi için|her şey için|ve|çok|her şey çalışıyor|çalışıyor|şimdi çalışıyor|artık "
     "çalışıyor|her şey "
     "yolunda|harika|mükemmel|süper|çok iyi|anladım|tamam|tamamdır|aldım|sorun çözüldü|çözüldü|oldu|iyi "
     "günler|iyi günler "
     "dilerim|iyi çalışmalar|kolay gelsin|iyi akşamlar|iyi hafta sonları|görüşmek üzere|hoşça "
     "kalın|saygılarımla|"
     "saygılarımızla|selamlar|sevgiler|yardımınıza görə|hər şey işləyir|işləyir|yaxşı|aydındır|hörmətlə|"
     "көмегіңіз үшін|жауабыңыз үшін|жылдам жауап үшін|бәрі жұмыс істейді|жұмыс істейді|бәрі "
     "жақсы|жақсы|түсінікті|түсіндім|"
     "сау болыңыз|сәттілік|құрметпен|және|сізге|"
     "yordamingiz uchun|hammasi ishlayapti|yaxshi|tushunarli|hurmat bilan"},
    {greeting,
     "merhaba|selam|günaydın|sayın|değerli|bey|hanım|iyi günler|salam|hörmətli|сәлем|сәлеметсіз "
     "бе|сәлеметсізбе|құрметті|"
     "қайырлы күн|саламатсызбы|assalomu alaykum|salom|hurmatli|merhabalar"},
    {refusal,
     "hayır|değil|yok|ama|fakat|ancak|maalesef|ne|ne "
     "zaman|nerede|kim|neden|niçin|nasıl|hangi|kaç|lütfen|şimdiden|hâlâ|hala|"
     "tekrar sorun|eğer|soru|hata|evet|acil|bekliyorum|mi|mı|mu|mü|yox|lakin|amma|nə|harada|niyə|necə|zəhmət|"
     "жоқ|емес|бірақ|алайда|не|қашан|қайда|кім|неге|қалай|қандай|қанша|өтінемін|алдын|әлі|егер|сұрақ|қате|иә|"
     "ма|ме|ба|бе|па|"
     "пе|yo'q|emas|lekin|ammo|nima|qachon|qayerda|nega|qanday|iltimos|oldindan|hali|agar|ha"},
    // Greek, Albanian
    {thanks,
     "ευχαριστώ|ευχαριστώ πολύ|σας ευχαριστώ|σας ευχαριστώ πολύ|ευχαριστούμε|ευχαριστούμε πολύ|σ' "
     "ευχαριστώ|χίλια ευχαριστώ|"
     "πολλά ευχαριστώ|ευχαριστω|ευχαριστω πολυ|σας ευχαριστω|σας ευχαριστούμε|και πάλι ευχαριστώ|ευχαριστώ "
     "και πάλι|"
     "faleminderit|faleminderit shumë|shumë faleminderit|ju faleminderit"},
    {company,
     "για τη βοήθεια|για την βοήθεια|για την απάντηση|για την άμεση απάντηση|για τη γρήγορη απάντηση|για "
     "όλα|για την άμεση "
     "ανταπόκριση|για την εξυπηρέτηση|και|πολύ|όλα λειτουργούν|λειτουργεί|τώρα λειτουργεί|δουλεύει|όλα "
     "δουλεύουν|τώρα "
     "δουλεύει|όλα καλά|όλα εντάξει|εντάξει|τέλεια|υπέροχα|κατάλαβα|κατανοητό|ελήφθη|λύθηκε|το πρόβλημα "
     "λύθηκε|καλή μέρα|"
     "καλή σας μέρα|καλό σαββατοκύριακο|καλό απόγευμα|να είστε καλά|αντίο|με εκτίμηση|φιλικά|χαιρετισμούς|"
     "për ndihmën|gjithçka funksionon|ditë të mbarë|me respekt"},
    {greeting,
     "γεια|γεια σας|γειά σας|καλημέρα|καλημέρα σας|καλησπέρα|καλησπέρα "
     "σας|αγαπητέ|αγαπητή|αγαπητοί|κύριε|κυρία|κ|"
     "përshëndetje|i nderuar"},
    {refusal,
     "όχι|δεν|μη|μην|αλλά|όμως|ωστόσο|δυστυχώς|τι|πότε|πού|που|ποιος|γιατί|πώς|πως|ποια|πόσο|μπορείτε|"
     "παρακαλώ|προκαταβολικά|"
     "ακόμα|ακόμη|πάλι "
     "δεν|αν|εάν|ερώτηση|λάθος|ναι|επείγον|περιμένω|χωρίς|jo|por|çfarë|kur|ku|pse|si|lutem|nëse"},
    // Hebrew, Arabic, Persian
    {thanks,
     "תודה|תודה רבה|תודה רבה לך|תודה רבה לכם|המון תודה|תודה לך|תודה לכם|רוב תודות|תודות|אלף תודות|תודה על "
     "הכל|"
     "שוב תודה|תודה שוב|תודה ענקית|מודה לך|מודה לכם|"
     "شكرا|شكراً|شكرا لك|شكراً لك|شكرا لكم|شكراً لكم|شكرا جزيلا|شكراً جزيلاً|شكرا جزيلاً|جزيل الشكر|ألف شكر|الف "
     "شكر|شكرا لكم جزيلا|"
     "مشكور|مشكورين|مشكورة|أشكرك|أشكركم|نشكركم|جزاك الله خيرا|جزاكم الله خيرا|بارك الله فيك|بارك الله "
     "فيكم|تسلم|تسلموا|يعطيك "
     "العافية|يعطيكم العافية|"
     "ممنون|ممنونم|متشکرم|مرسی|سپاس|سپاسگزارم|با تشکر|خیلی ممنون|خیلی ممنونم|بسیار سپاسگزارم|تشکر|ممنون از "
     "شما|بسیار ممنون|سپاس "
     "فراوان|با سپاس|متشکریم"},
    {company,
     "על העזרה|על התשובה|על המענה|על המענה המהיר|על התשובה המהירה|על הטיפול|על הטיפול המהיר|על השירות|על "
     "הכל|הכל עובד|עובד|זה "
     "עובד|עכשיו עובד|עכשיו הכל עובד|זה עובד עכשיו|הכל בסדר|בסדר|בסדר "
     "גמור|מעולה|מצוין|נהדר|יופי|סבבה|הבנתי|מובן|קיבלתי|התקבל|"
     "נפתר|הבעיה נפתרה|יום טוב|שיהיה יום טוב|יום נעים|המשך יום נעים|המשך יום טוב|שבת שלום|סוף שבוע "
     "נעים|להתראות|בברכה|בכבוד רב|"
     "בתודה|עזרתם לי מאוד|כל טוב|"
     "على المساعدة|على مساعدتك|على مساعدتكم|على الرد|على الرد السريع|على ردكم|على سرعة الرد|على كل "
     "شيء|لمساعدتك|لمساعدتكم|كل شيء "
     "يعمل|يعمل|يعمل الآن|كل شيء يعمل الآن|كل شيء على ما "
     "يرام|تمام|ممتاز|رائع|حسنا|حسناً|فهمت|مفهوم|استلمت|وصلت|تم الحل|تم حل "
     "المشكلة|حلت المشكلة|يوم سعيد|أتمنى لك يوما سعيدا|مع السلامة|مع التحية|مع تحياتي|تحياتي|مع أطيب "
     "التحيات|مع خالص التحية|لك|لكم|جزيلا|"
     "از کمک شما|بابت کمک|از پاسخ شما|بابت پاسخ سریع|همه چیز کار میکند|کار میکند|درست شد|حل شد|مشکل حل "
     "شد|عالی|بسیار عالی|"
     "متوجه شدم|فهمیدم|باشه|روز خوبی داشته باشید|روز خوش|خسته نباشید|با احترام|موفق باشید"},
    {greeting,
     "שלום|היי|הי|בוקר טוב|ערב טוב|צהריים טובים|לכבוד|שלום רב|שלום לכם|מר|גברת|"
     "مرحبا|مرحباً|أهلا|أهلاً|السلام عليكم|السلام عليكم ورحمة الله|السلام عليكم ورحمة الله وبركاته|صباح "
     "الخير|مساء الخير|تحية "
     "طيبة|تحية طيبة وبعد|السيد|السيدة|الأستاذ|عزيزي|سلام|سلام علیکم|با سلام|درود|جناب|خانم|آقای"},
    {refusal,
     "לא|אבל|מה|מתי|איפה|למה|איך|מראש|لا|لم|لكن|ماذا|متى|أين|لماذا|كيف|هل|مقدما|نه|اما|چه|کی|کجا|چرا|چگونه|"
     "آیا"},
    // Chinese, Japanese, Korean
    {thanks,
     "谢谢|謝謝|多谢|多謝|感谢|感謝|非常感谢|非常感謝|谢谢你|謝謝你|谢谢您|謝謝您|谢谢大家|万分感谢|十分感谢|"
     "太感谢了|太感謝了|非常谢谢|非常謝謝|"
     "谢了|谢啦|謝啦|谢谢啦|辛苦了|辛苦您了|辛苦你了|辛苦啦|感恩|衷心感谢|感激不尽|"
     "ありがとう|ありがとうございます|ありがとうございました|有難う|有難うございます|有難うございました|"
     "有り難うございます|"
     "有り難うございました|どうもありがとう|どうもありがとうございます|どうもありがとうございました|"
     "誠にありがとうございます|"
     "誠にありがとうございました|本当にありがとうございます|本当にありがとうございました|"
     "大変ありがとうございました|感謝します|"
     "感謝いたします|感謝しております|お礼申し上げます|御礼申し上げます|助かりました|大変助かりました|"
     "とても助かりました|"
     "감사합니다|감사드립니다|고맙습니다|고마워요|고마워|감사해요|감사|정말 감사합니다|대단히 "
     "감사합니다|매우 감사합니다|진심으로 "
     "감사합니다|정말 고맙습니다|너무 감사합니다|다시 한번 감사합니다|감사 드립니다|땡큐"},
    {company,
     "您的帮助|您的幫助|你的帮助|你的幫助|您的回复|您的回覆|您的支持|的帮助|的支持|的回复|及时回复|快速回复|"
     "的快速回复|您的及时回复|"
     "您的快速回复|你的回复|问题解决了|問題解決了|问题已解决|問題已解決|已解决|已解決|解决了|解決了|可以了|"
     "现在可以了|現在可以了|好了|"
     "现在好了|一切正常|现在正常了|正常了|都正常了|现在一切正常|已经正常了|没问题了|沒問題了|好的|好|收到|"
     "已收到|收到了|明白|明白了|"
     "知道了|了解|了解了|理解了|很好|太好了|太棒了|非常好|祝好|祝您愉快|祝你愉快|祝您工作愉快|祝工作愉快|"
     "祝您生活愉快|祝您一切顺利|"
     "周末愉快|再见|再見|此致|敬礼|敬禮|顺祝商祺|大家|了|啦|您|你|"
     "ご対応|ご対応いただき|ご対応いただきまして|ご対応くださり|ご連絡|ご連絡いただき|ご連絡いただきまして|"
     "ご回答|ご回答いただき|"
     "ご返信|ご返信いただき|ご返信いただきまして|早速のご対応|早速のご返信|早速のご回答|早速のご連絡|"
     "迅速なご対応|迅速なご回答|"
     "迅速なご返信|丁寧なご説明|ご丁寧に|ご協力|ご支援|お返事|お手数をおかけしました|お世話になりました|"
     "お世話になっております|"
     "いつもお世話になっております|承知しました|承知いたしました|了解しました|了解です|了解いたしました|"
     "わかりました|分かりました|"
     "かしこまりました|解決しました|無事解決しました|問題は解決しました|問題が解決しました|"
     "無事に解決しました|動きました|"
     "動作しました|正常に動作しました|うまくいきました|できました|無事にできました|直りました|確認しました|"
     "確認いたしました|"
     "確認できました|受け取りました|受領しました|よろしくお願いします|よろしくお願いいたします|"
     "宜しくお願いします|"
     "宜しくお願いいたします|今後ともよろしくお願いいたします|今後ともよろしくお願いします|"
     "引き続きよろしくお願いいたします|"
     "以上です|失礼いたします|失礼します|敬具|を|に|と|は|も|、|"
     "도와주셔서|답변|답변 주셔서|답변해 주셔서|빠른 답변|빠른 답변 주셔서|빠른 회신|회신 주셔서|친절한 "
     "답변|친절한 설명|도움을 "
     "주셔서|도움 주셔서|잘 됩니다|잘됩니다|잘 작동합니다|이제 잘 됩니다|이제 "
     "됩니다|해결되었습니다|해결됐습니다|문제가 "
     "해결되었습니다|문제 해결되었습니다|알겠습니다|이해했습니다|확인했습니다|확인하였습니다|잘 "
     "받았습니다|받았습니다|네 "
     "알겠습니다|좋은 하루 되세요|좋은 하루 보내세요|즐거운 하루 되세요|수고하세요|수고하십시오|수고 "
     "많으셨습니다|수고하셨습니다|"
     "안녕히 계세요|드림|올림|빠른 답변에|답변에|도움에|많은 도움이 되었습니다|큰 도움이 되었습니다"},
    {greeting,
     "您好|你好|早上好|下午好|晚上好|尊敬的|亲爱的|お世話になります|こんにちは|おはようございます|こんばんは|"
     "各位|"
     "안녕하세요|안녕하십니까|담당자님|선생님|님"},
    {refusal,
     "不|没|沒|但|但是|可是|吗|嗎|什么|怎么|为什么|请|預先|か|ない|ません|が|けど|しかし|なぜ|どう|いつ|안|"
     "못|하지만|그런데|왜|언제|어떻게|미리"},
    // Vietnamese, Indonesian, Thai, Hindi, Georgian, Armenian
    {thanks,
     "cảm ơn|cám ơn|cảm ơn bạn|cảm ơn nhiều|cảm ơn rất nhiều|xin cảm ơn|cảm ơn anh|cảm ơn chị|chân thành cảm "
     "ơn|cảm ơn các bạn|"
     "trân trọng cảm ơn|"
     "terima kasih|terima kasih banyak|makasih|terimakasih|banyak terima kasih|trims|terima kasih kembali|"
     "ขอบคุณ|ขอบคุณครับ|ขอบคุณค่ะ|ขอบคุณมาก|ขอบคุณมากครับ|ขอบคุณมากค่ะ|ขอบคุณมากๆ|ขอบพระคุณ|ขอบพระคุณครับ|ขอบพระคุณค่ะ|"
     "धन्यवाद|बहुत धन्यवाद|बहुत बहुत धन्यवाद|आपका धन्यवाद|शुक्रिया|बहुत शुक्रिया|आभार|"
     "მადლობა|დიდი მადლობა|გმადლობთ|მადლობა თქვენ|უღრმესი მადლობა|"
     "շնորհակալություն|շատ շնորհակալություն|շնորհակալ եմ|շնորհակալ ենք|մերսի"},
    {company,
     "đã hỗ trợ|đã giúp đỡ|vì đã giúp đỡ|đã phản hồi|đã hoạt động|mọi thứ hoạt động tốt|tuyệt vời|tôi hiểu "
     "rồi|đã nhận|chúc một "
     "ngày tốt lành|trân trọng|"
     "atas bantuannya|atas bantuan anda|atas responnya|atas tanggapannya|sudah berfungsi|semua "
     "berfungsi|sudah bisa|sudah "
     "beres|baik|oke|mantap|semoga harimu menyenangkan|salam|hormat saya|dan|banyak|"
     "สำหรับความช่วยเหลือ|ใช้งานได้แล้ว|ใช้ได้แล้ว|เรียบร้อยแล้ว|เข้าใจแล้ว|ได้รับแล้ว|ครับ|ค่ะ|"
     "आपकी मदद के लिए|मदद के लिए|सब ठीक है|ठीक है|समझ गया|"
     "დახმარებისთვის|ყველაფერი მუშაობს|კარგია|პატივისცემით|ամեն ինչ լավ է|օգնության համար|հարգանքով"},
    {greeting,
     "xin chào|chào|chào bạn|kính gửi|halo|selamat pagi|selamat siang|selamat "
     "sore|yth|bapak|ibu|pak|bu|สวัสดี|สวัสดีครับ|สวัสดีค่ะ|"
     "नमस्ते|नमस्कार|გამარჯობა|բարև|բարև ձեզ"},
    {refusal,
     "không|nhưng|gì|khi nào|tại sao|trước|tidak|belum|tapi|namun|apa|kapan|di "
     "mana|mengapa|bagaimana|mohon|sebelumnya|ไม่|แต่|नहीं|लेकिन"},
};

}  // namespace

std::span<const ThanksRow> other_thanks() { return rows; }

}  // namespace postroom
