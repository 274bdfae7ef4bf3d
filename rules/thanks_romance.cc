#include "rules/thanks_table.h"

namespace postroom {
namespace {

using enum ThanksPart;

constexpr ThanksRow rows[] = {
    // French
    {thanks,
     "merci|merci beaucoup|mille mercis|merci bien|merci infiniment|merci à vous|merci à tous|merci à toi|un "
     "grand merci|"
     "grand merci|merci encore|encore merci|je vous remercie|nous vous remercions|je te remercie|je vous en "
     "remercie|avec "
     "mes remerciements|tous mes remerciements|je vous remercie beaucoup|je vous remercie infiniment|merci "
     "mille fois|"
     "merci d'avoir répondu|merci de votre aide|merci de votre réponse|merci de votre retour|merci de ton "
     "aide|merci de "
     "votre réactivité|merci énormément|remerciements|thanks"},
    {company,
     "pour votre aide|pour l'aide|pour ton aide|pour votre réponse|pour la réponse|pour votre réponse "
     "rapide|pour cette "
     "réponse rapide|pour votre retour|pour votre retour rapide|pour votre rapidité|pour votre "
     "réactivité|pour votre "
     "soutien|pour votre support|pour votre patience|pour l'information|pour les informations|pour "
     "l'info|pour vos "
     "explications|pour tout|pour votre temps|pour la rapidité|pour votre compréhension|pour votre "
     "efficacité|et|à tous|"
     "beaucoup|encore|à vous|tout fonctionne|ça marche|ça fonctionne|cela fonctionne|tout marche|ça marche "
     "maintenant|tout "
     "fonctionne maintenant|cela fonctionne maintenant|ça fonctionne maintenant|tout est en ordre|tout va "
     "bien|tout est "
     "bon|c'est bon|c'est parfait|parfait|super|génial|excellent|formidable|très bien|bien reçu|bien "
     "noté|c'est noté|noté|"
     "compris|j'ai compris|d'accord|entendu|reçu|ok|problème résolu|le problème est résolu|c'est "
     "résolu|résolu|vous pouvez "
     "clôturer le ticket|bonne journée|bonne soirée|bon week end|bon weekend|bonne fin de journée|excellente "
     "journée|je "
     "vous souhaite une bonne journée|très bonne journée|à bientôt|au revoir|cordialement|bien "
     "cordialement|bien à vous|"
     "salutations|meilleures salutations|sincères salutations|très cordialement|cdlt|bien à toi|amicalement"},
    {greeting,
     "bonjour|salut|bonsoir|cher|chère|chers|madame|monsieur|messieurs|mesdames|mme|m|madame "
     "monsieur|bonjour à tous|coucou|"
     "bonjour madame|bonjour monsieur|toute l'équipe"},
    {refusal,
     "non|pas|ne|mais|cependant|toutefois|malheureusement|que|quoi|quand|où|qui|pourquoi|comment|quel|quelle|"
     "combien|est ce|"
     "pouvez|pourriez|puis|peut|s'il|svp|avance|toujours|encore "
     "un|si|question|erreur|problème|oui|urgent|attends|par "
     "contre|sauf|annulez|annuler|remboursement|sans"},
    // Spanish
    {thanks,
     "gracias|muchas gracias|mil gracias|muchísimas gracias|gracias de nuevo|gracias a todos|gracias otra "
     "vez|un millón de "
     "gracias|de nuevo gracias|se lo agradezco|te lo agradezco|se agradece|agradecido|agradecida|muy "
     "agradecido|muy "
     "agradecida|os lo agradezco|les agradezco|le agradezco|agradezco su ayuda|agradezco mucho su "
     "ayuda|gracias totales|"
     "gracias a ustedes|gracias a usted|gracias a ti|muchas gracias a todos"},
    {company,
     "por la ayuda|por su ayuda|por tu ayuda|por vuestra ayuda|por todo|por la respuesta|por su "
     "respuesta|por tu respuesta|"
     "por la rápida respuesta|por su rápida respuesta|por su pronta respuesta|por la pronta respuesta|por "
     "responder|por la "
     "información|por la atención|por su atención|por el apoyo|por su apoyo|por su tiempo|por la rapidez|por "
     "la aclaración|"
     "por la explicación|por la gestión|por su paciencia|por el soporte|y|mucho|muy amable|muy amables|es "
     "usted muy amable|"
     "todo funciona|funciona|ya funciona|ya funciona todo|todo funciona bien|ahora funciona|todo funciona "
     "ahora|funciona "
     "perfectamente|funciona bien|todo bien|todo en orden|está todo bien|todo correcto|todo "
     "ok|perfecto|genial|excelente|"
     "estupendo|fantástico|muy bien|entendido|de "
     "acuerdo|recibido|vale|ok|listo|solucionado|resuelto|problema resuelto|"
     "problema solucionado|ya está|ya está solucionado|ya está resuelto|pueden cerrar el ticket|buen día|que "
     "tenga un buen "
     "día|que tengas un buen día|que tengan un buen día|buen fin de semana|feliz día|hasta luego|hasta "
     "pronto|adiós|saludos|"
     "un saludo|saludos cordiales|un cordial saludo|atentamente|cordialmente|un abrazo|abrazos|reciba un "
     "cordial saludo"},
    {greeting,
     "hola|buenos días|buenas tardes|buenas "
     "noches|buenas|estimado|estimada|estimados|señor|señora|sr|sra|hola a todos|"
     "querido|querida|buen día"},
    {refusal,
     "no|pero|sin embargo|aunque|todavía|aún|qué|que|cuándo|dónde|quién|por "
     "qué|porque|cómo|cuál|cuánto|puede|puedes|"
     "podría|podrían|favor|antemano|adelantado|sigue|otra|otro|si|pregunta|error|problema|sí|urgente|espero|"
     "cancelar|"
     "reembolso|sin|ni|nada"},
    // Italian
    {thanks,
     "grazie|grazie mille|mille grazie|molte grazie|grazie tante|tante grazie|grazie ancora|ancora "
     "grazie|grazie infinite|la "
     "ringrazio|vi ringrazio|ti ringrazio|ringrazio|grazie di tutto|grazie di cuore|grazie a tutti|grazie a "
     "voi|grazie a lei|"
     "la ringrazio molto|vi ringrazio molto|un grazie|ringraziamo|ringraziandovi"},
    {company,
     "per l'aiuto|per il vostro aiuto|per il suo aiuto|per la risposta|per la rapida risposta|per la vostra "
     "risposta|per il "
     "supporto|per le informazioni|per l'informazione|per la disponibilità|per la pazienza|per tutto|per la "
     "rapidità|per "
     "l'assistenza|per la celere risposta|e|molto|gentilissimo|gentilissima|gentilissimi|molto gentile|tutto "
     "funziona|"
     "funziona|funziona tutto|ora funziona|ora funziona tutto|adesso funziona|tutto ok|tutto a posto|va "
     "bene|tutto bene|"
     "perfetto|ottimo|benissimo|fantastico|eccellente|capito|ho "
     "capito|ricevuto|d'accordo|ok|risolto|problema risolto|buona "
     "giornata|buona serata|buon lavoro|buon fine settimana|buon weekend|arrivederci|a presto|cordiali "
     "saluti|saluti|un "
     "saluto|distinti saluti|cordialmente|un cordiale saluto|le auguro una buona giornata"},
    {greeting,
     "ciao|salve|buongiorno|buonasera|buon giorno|buona "
     "sera|gentile|gentili|egregio|caro|cara|cari|signor|signora|sig|dott|"
     "buon pomeriggio|spettabile"},
    {refusal,
     "no|non|ma|però|tuttavia|purtroppo|che|cosa|quando|dove|chi|perché|come|quale|quanto|può|potete|"
     "potreste|potrebbe|"
     "favore|anticipo|anticipatamente|ancora "
     "non|se|domanda|errore|problema|sì|urgente|attendo|annullare|rimborso|senza"},
    // Portuguese
    {thanks,
     "obrigado|obrigada|muito obrigado|muito "
     "obrigada|obrigadão|brigado|brigada|agradeço|agradecemos|agradecido|agradecida|"
     "mais uma vez obrigado|mais uma vez obrigada|obrigado mais uma vez|obrigado novamente|valeu|muitíssimo "
     "obrigado|"
     "obrigado por tudo|obrigada por tudo|grato|grata|muito grato|muito grata|agradeço muito|agradeço a "
     "ajuda|agradeço a "
     "atenção|obg|obrigado a todos|obrigada a todos|gratidão"},
    {company,
     "pela ajuda|pela sua ajuda|pela vossa ajuda|pelo apoio|pela resposta|pela rápida resposta|pela resposta "
     "rápida|pelo "
     "retorno|pela atenção|pelo suporte|pela informação|pelas informações|por tudo|pelo esclarecimento|pela "
     "rapidez|pela "
     "paciência|pelo atendimento|e|muito|tudo funciona|funciona|já funciona|está funcionando|tudo "
     "funcionando|agora "
     "funciona|tudo certo|está tudo certo|tudo bem|tudo ok|tudo resolvido|resolvido|problema "
     "resolvido|perfeito|ótimo|"
     "excelente|maravilha|entendi|entendido|compreendido|recebido|certo|combinado|de acordo|ok|deu "
     "certo|tenha um bom dia|"
     "bom dia para você|bom fim de semana|boa semana|até logo|até breve|tchau|abraço|abraços|um "
     "abraço|cumprimentos|"
     "atenciosamente|com os melhores cumprimentos|att|cordialmente|melhores cumprimentos|resto de bom dia"},
    {greeting,
     "olá|oi|bom dia|boa tarde|boa "
     "noite|caro|cara|caros|prezado|prezada|prezados|senhor|senhora|sr|sra|exmo|exma|exmos|"
     "exmos senhores"},
    {refusal,
     "não|mas|porém|contudo|entretanto|infelizmente|que|quê|quando|onde|quem|por "
     "que|porque|porquê|como|qual|quanto|pode|"
     "podem|poderia|podiam|favor|antecipadamente|adiantado|desde "
     "já|ainda|se|pergunta|erro|problema|sim|urgente|aguardo|"
     "cancelar|reembolso|sem|nem"},
    // Romanian, Catalan
    {thanks,
     "mulțumesc|mulţumesc|multumesc|mulțumim|mulţumim|multumim|mulțumesc mult|mulțumesc frumos|multumesc "
     "mult|multumesc "
     "frumos|vă mulțumesc|va multumesc|vă mulțumim|mersi|mersi mult|mersi frumos|mulțumesc foarte "
     "mult|multumesc foarte mult|"
     "mii de mulțumiri|gràcies|moltes gràcies|mil gràcies|moltíssimes gràcies"},
    {company,
     "pentru ajutor|pentru răspuns|pentru răspunsul prompt|pentru raspuns|pentru promptitudine|pentru "
     "sprijin|pentru tot|"
     "pentru informații|pentru suport|și|si|totul funcționează|totul "
     "functioneaza|funcționează|functioneaza|merge|acum "
     "merge|totul merge|totul este în regulă|totul e în regulă|totul e ok|în regulă|in "
     "regula|perfect|excelent|am înțeles|am "
     "inteles|bine|foarte bine|super|s-a rezolvat|rezolvat|problema s-a rezolvat|o zi bună|o zi buna|o zi "
     "frumoasă|o zi "
     "frumoasa|toate cele bune|la revedere|cu stimă|cu stima|cu respect|weekend plăcut|ok|"
     "per l'ajuda|per la resposta|per tot|tot funciona|ja funciona|perfecte|entès|d'acord|bon "
     "dia|salutacions|i"},
    {greeting,
     "bună ziua|buna ziua|bună|buna|salut|bună dimineața|bună seara|buna "
     "seara|stimate|stimată|stimați|domnule|doamnă|"
     "domnul|doamna|bon dia|bona tarda|hola"},
    {refusal,
     "nu|dar|însă|insa|totuși|totusi|din păcate|din pacate|ce|când|cand|unde|cine|de "
     "ce|cum|care|cât|cat|puteți|puteti|vă "
     "rog|va "
     "rog|rog|anticipat|încă|inca|dacă|daca|întrebare|intrebare|eroare|problemă|da|urgent|aștept|fără|fara|"
     "però|"
     "encara|quan|on|qui|per què|com|quin|quant|si us plau|avançat|però no"},
};

}  // namespace

std::span<const ThanksRow> romance_thanks() { return rows; }

}  // namespace postroom
