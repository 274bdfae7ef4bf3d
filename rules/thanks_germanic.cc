#include "rules/thanks_table.h"

namespace postroom {
namespace {

using enum ThanksPart;

constexpr ThanksRow rows[] = {
    // English
    {thanks,
     "thank you|thank u|thank ya|thanks|thanx|thnx|thx|thks|tnx|ty|tysm|tyvm|cheers|many thanks|much "
     "appreciated|"
     "thank you very much|thank you so much|thanks a lot|thanks a million|thanks so much|thanks very much|"
     "thanks a bunch|thanks a ton|thanks again|thank you again|thank you all|thanks all|thanks everyone|"
     "thanks to all|thanks to you|big thanks|a big thank you|a million thanks|thanks ever so much|"
     "i appreciate it|i really appreciate it|we appreciate it|really appreciated|greatly appreciated|"
     "highly appreciated|i appreciate your help|we appreciate your help|thank you kindly|thanks guys|"
     "thank you both|thank you once again|thanks once again|with thanks|with many thanks|my thanks"},
    {company,
     "for your help|for the help|for helping|for helping me|for helping us|for your support|for the support|"
     "for your reply|for the reply|for your answer|for the answer|for your response|for the response|"
     "for your quick reply|for your quick response|for the quick reply|for the quick response|"
     "for the quick help|for your quick help|for the fast reply|for the fast response|for your fast reply|"
     "for your prompt reply|for your prompt response|for the prompt reply|for the prompt response|"
     "for replying|for your time|for the info|for the information|for the update|for the clarification|"
     "for clarifying|for explaining|for the explanation|for your patience|for your efforts|for everything|"
     "for all your help|for all the help|for your assistance|for the assistance|for your prompt assistance|"
     "for your work|for the great work|for the great support|for your cooperation|for your understanding|"
     "for getting back to me|for letting me know|for fixing it|for fixing this|for sorting it out|for "
     "sorting "
     "this out|for resolving this|for the quick fix|for your kind help|for your kind reply|for the good "
     "service|for the excellent service|for the great service|for your service|"
     "very much|so much|a lot|again|indeed|once again|you|you all|all|team|the team|support "
     "team|support|guys|"
     "dear team|everyone|to all|and|really|very helpful|so helpful|most helpful|that was helpful|"
     "that s great|that s perfect|that is great|that s good|that s wonderful|that s all|that is all|that "
     "helps|that helped|this helped|it helped|that helps a lot|this helps|you are the best|you re the "
     "best|you guys are the best|you rock|you are great|you guys rock|great|great job|good job|nice job|well "
     "done|great work|nice work|great support|great service|great help|excellent|excellent service|perfect|"
     "awesome|wonderful|fantastic|brilliant|super|cool|nice|lovely|amazing|"
     "got it|understood|noted|received|well received|i got it|i have received it|i received it|all good|all "
     "good now|all clear|all clear now|all set|all fine|all fine now|all ok|all ok now|all is well|all is "
     "good|all is fine|"
     "works|it works|works now|it works now|it s working|it s working now|it is working|it is working now|"
     "works fine|works fine now|it works fine|it works fine now|works great|works great now|it works great|"
     "works perfectly|works perfectly now|it works perfectly|it works perfectly now|works like a charm|"
     "everything works|everything works now|everything works fine|everything works fine now|everything is "
     "working|everything is working now|everything is fine|everything is fine now|everything is ok|"
     "everything is ok now|everything s fine|everything s fine now|everything s ok|everything is working "
     "fine|"
     "everything is working fine now|all works|all works now|all working|all working now|all is working|all "
     "is working now|that works|that works now|that worked|it worked|this works|this worked|that did it|that "
     "did the trick|that fixed it|this fixed it|that solved it|this solved it|"
     "solved|resolved|fixed|problem solved|problem resolved|issue resolved|issue solved|issue fixed|problem "
     "fixed|the problem is solved|the problem is resolved|the issue is resolved|the issue is solved|the "
     "issue "
     "is fixed|the problem is fixed|my problem is solved|my issue is resolved|my problem is resolved|that "
     "solved my problem|this solved my problem|that resolved my issue|that solved the problem|it is fixed "
     "now|it s fixed now|it is resolved now|you can close the ticket|you can close this ticket|you may close "
     "the ticket|you may close this ticket|the ticket can be closed|this ticket can be closed|you can close "
     "it|"
     "have a nice day|have a great day|have a good day|have a good one|have a great one|have a lovely "
     "day|have "
     "a wonderful day|have a nice weekend|have a great weekend|have a good weekend|have a nice evening|have "
     "a "
     "good evening|enjoy your day|enjoy your weekend|nice weekend|good day|all the best|take "
     "care|bye|goodbye|"
     "bye bye|happy new year|merry christmas|happy holidays|god bless|god bless you|stay safe|stay healthy|"
     "regards|kind regards|kindest regards|best regards|warm regards|best|best wishes|kind wishes|sincerely|"
     "sincerely yours|yours sincerely|yours|yours truly|respectfully|cordially|with kind regards|with best "
     "regards|br|rgds|no problem|no worries|ok|okay|okey|alright|all right|wow|yay|hooray|now|xoxo|from|"
     "much better|much better now|happy customer|i am happy|i m happy|i am very happy|we are happy"},
    {greeting,
     "hi|hello|hey|dear|hi there|hello there|hey there|hi all|hello all|dear all|good morning|good afternoon|"
     "good evening|good day|greetings|dear sir|dear madam|dear sir or madam|dear support|dear support "
     "team|mr|"
     "mrs|ms|miss|dr|sir|madam"},
    {refusal,
     "no|not|nor|never|none|nothing|but|however|still|yet|although|though|unfortunately|again not|what|when|"
     "where|who|whom|whose|why|how|which|can|could|would|will|shall|should|please|pls|plz|is|are|do|does|did|"
     "advance|also|another|next|question|questions|problem|issue|error|wait|stop|cancel|refund|help|urgent|"
     "asap|nope|yes|yeah|yep|don|doesn|didn|isn|won|wrong|only|except|until|if|unless|instead|meanwhile|"
     "pending"},
    // German
    {thanks,
     "danke|danke schön|danke dir|danke ihnen|danke euch|dankeschön|dankesehr|danke sehr|vielen dank|vielen "
     "lieben dank|vielen herzlichen dank|herzlichen dank|besten dank|tausend dank|lieben dank|recht "
     "herzlichen "
     "dank|ganz herzlichen dank|schönen dank|großen dank|1000 dank|danke vielmals|ich danke ihnen|ich danke "
     "dir|"
     "ich bedanke mich|wir bedanken uns|wir danken ihnen|ich bedanke mich herzlich|dankend erhalten|merci "
     "vielmals|merci vielmal|danke nochmals|nochmals danke|nochmals vielen dank|vielen dank nochmal|vielen "
     "dank "
     "nochmals|danke nochmal|nochmal danke|nochmal vielen dank|danke für alles|thanks|mille merci"},
    {company,
     "für ihre hilfe|für die hilfe|für deine hilfe|für eure hilfe|für die schnelle hilfe|für ihre schnelle "
     "hilfe|für die antwort|für ihre antwort|für deine antwort|für die schnelle antwort|für ihre schnelle "
     "antwort|für die rasche antwort|für ihre rasche antwort|für die schnelle rückmeldung|für ihre "
     "rückmeldung|"
     "für die rückmeldung|für die rasche rückmeldung|für die schnelle bearbeitung|für ihre bemühungen|für "
     "ihre "
     "mühe|für die mühe|für die unterstützung|für ihre unterstützung|für die info|für die infos|für die "
     "information|für die informationen|für den support|für den tollen support|für den guten service|für den "
     "tollen service|für ihre geduld|für die schnelle lösung|für die aufklärung|für die erklärung|für ihr "
     "verständnis|für die schnelle unterstützung|für ihre zeit|"
     "nochmal|nochmals|sehr|und|ihnen|dir|euch|allen|an alle|liebes team|team|das hilft|das hat geholfen|hat "
     "geholfen|sie haben mir sehr geholfen|das hat mir sehr geholfen|hat mir sehr geholfen|super|toll|prima|"
     "klasse|spitze|perfekt|wunderbar|ausgezeichnet|großartig|genial|top|sehr gut|sehr nett|sehr schön|gut|"
     "verstanden|alles klar|alles verstanden|erhalten|ist angekommen|angekommen|ok|okay|in "
     "ordnung|passt|passt "
     "so|das passt|alles gut|alles bestens|alles in ordnung|alles ok|"
     "funktioniert|es funktioniert|funktioniert jetzt|jetzt funktioniert es|es funktioniert jetzt|jetzt "
     "funktioniert alles|alles funktioniert|alles funktioniert jetzt|es funktioniert alles|es funktioniert "
     "wieder|funktioniert wieder|jetzt funktioniert es wieder|alles funktioniert wieder|das funktioniert|hat "
     "funktioniert|das hat funktioniert|es hat funktioniert|es klappt|klappt|jetzt klappt es|es klappt "
     "jetzt|hat "
     "geklappt|das hat geklappt|es hat geklappt|alles geklappt|jetzt geht es|es geht wieder|jetzt geht es "
     "wieder|geht wieder|alles läuft|läuft|läuft wieder|es läuft wieder|jetzt läuft es|"
     "problem gelöst|problem ist gelöst|das problem ist gelöst|das problem ist behoben|problem behoben|hat "
     "sich "
     "erledigt|erledigt|ist erledigt|gelöst|ticket kann geschlossen werden|das ticket kann geschlossen "
     "werden|"
     "sie können das ticket schließen|kann geschlossen werden|"
     "schönen tag|einen schönen tag|schönen tag noch|einen schönen tag noch|noch einen schönen tag|schönen "
     "abend|einen schönen abend|schönes wochenende|ein schönes wochenende|ich wünsche ihnen einen schönen "
     "tag|"
     "ich wünsche ein schönes wochenende|alles gute|bis bald|tschüss|auf wiedersehen|frohe "
     "weihnachten|schöne "
     "feiertage|guten rutsch|mit freundlichen grüßen|freundliche grüße|mit freundlichem gruß|viele "
     "grüße|beste "
     "grüße|liebe grüße|herzliche grüße|schöne grüße|gruß|grüße|mit besten grüßen|mfg|lg|vg|bg|hg|mit "
     "herzlichen "
     "grüßen"},
    {greeting,
     "hallo|guten tag|guten morgen|guten abend|sehr geehrte damen und herren|sehr geehrte|sehr "
     "geehrter|liebe|"
     "lieber|herr|frau|moin|servus|grüezi|grüß gott|hallo zusammen|sehr geehrte frau|sehr geehrter herr"},
    {refusal,
     "nein|nicht|kein|keine|keinen|nichts|nie|aber|jedoch|allerdings|leider|trotzdem|obwohl|noch|immer noch|"
     "was|wann|wo|wer|wen|wem|warum|wieso|weshalb|wie|welche|welcher|welches|kann|können|könnten|könnte|darf|"
     "bitte|voraus|vorab|weiterhin|erneut|wieder nicht|frage|fragen|fehler|wenn|falls|ob|außer|sondern|ja|"
     "dringend|warte|storno|stornieren|kündigung|rechnung|außerdem|zusätzlich|doch|nur|ohne|sonst"},
};

}  // namespace

std::span<const ThanksRow> english_and_german_thanks() { return rows; }

}  // namespace postroom
