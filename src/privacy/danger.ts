import { phrases } from "./phrases.ts";

/**
 * What people write who are in danger or tell of it: about ending a life, being beaten or abused, threats with weapons, plans to
 * hurt many. Rather once too often: the answer is a card with telephone numbers.
 */
const danger: Readonly<Record<string, RegExp>> = {
  en: phrases(`
    (kill|killing|hang|drown|hurt|hurting|harm|harming|cut|cuts|cutting|starve|starving) (myself|himself|herself|themselves|themself)
    (take|end|taking|ending) (my|his|her|their) own life
    (end|ending) (it all|my life|his life|her life|their life)
    (i|he|she|they) _ (want|wants|wanted|going|plan|plans) to die
    (wish|wishes) (i|he|she) (was|were) dead
    (not|dont|don't|doesnt|doesn't|no longer) _ want* to (live|be alive|go on living)
    (commit|commits|attempt|attempted|attempts) suicide
    (i|he|she|they) (is|am|are|was) suicidal
    (he|she|they|father|mother|dad|mum|mom|stepfather|stepmother|uncle|aunt|brother|boyfriend|girlfriend|husband|wife|parents|partner|man) (hit|hits|beat|beats|hurts|kicks|strangles|strangled|rapes|raped) (me|him|her|them|us)
    (is|am|are|was|were|being|gets|get|got|been) (hit|beaten|abused|raped|molested|assaulted|strangled|locked up|trafficked)
    (touched|touches|touching) _ (sexually|private parts|between the legs)
    (sexually|physically) (abused|abuses|assaulted)
    (afraid|scared|not dare|dare not) _ to go home
    not safe at home
    (ran|run|runs|running) away from home
    (threatens|threatened|threatening) (to kill|me|him|her|them|his|my|their|with a)
    (will|want to|wants to|going to) kill (me|him|her|them|you|us|someone|somebody)
    (plan|plans|planning|planned) _ (attack|bombing|shooting)
    (has|have|carries|bought) (a knife|a gun|a weapon|a bomb|explosives)
    (forced|forces|forcing) (me|him|her|them) to (marry|have sex)
    overdose*
  `),
  da: phrases(`
    (tage|tager|tog|ende|ender) _ (mit|sit|hans|hendes) (eget )?liv
    (slå|slår|dræbe|dræber|skade|skader|hænge|hænger) (mig|sig) selv( ihjel)?
    begå* selvmord
    (selvmordstruet|selvmordstanker)
    (orker|gider|vil|ønsker) ikke _ (leve|være her|være i live)( mere)?
    (jeg|han|hun|de) (vil|ville|ønsker at) dø
    ønsker _ var død
    (skærer|skar|skære) _ (sig|mig)( selv)?
    cutter (sig|mig)
    (hans|hendes|min|vores|deres|far|mor|onkel|bror|kæreste|mand|han|hun|de|stedfar) _ (slår|slog|tæver|banker|sparker|voldtog|voldtager) (mig|ham|hende|dem|os|barnet|børnene|sin)
    (bliver|blev|blive|er blevet) (slået|mishandlet|misbrugt|voldtaget|tævet|spærret inde|truet)
    (rørt|rører|rørte|piller|pillet) _ (seksuelt|i skridtet)
    (seksuelt|seksuelle) (misbrug*|overgreb)
    (tør|tørde) ikke _ (hjem|være hjemme)
    bange for at (gå|tage|komme) hjem
    ikke tryg derhjemme
    (stukket af|løbet væk|er stukket af|løber) hjemmefra
    (truer|truede|true) _ (med|mig|ham|hende|dem|sin|os)
    (har|købt|bærer) (en kniv|en pistol|et våben|en bombe|sprængstof)
    (planlægger|planlagt|forbereder) _ (angreb|attentat|skyderi|bombe)
    (slå|slår|dræbe) (mig|ham|hende|dem|dig|nogen) ihjel
    (tvinger|tvunget|tvinges) _ (ægteskab|gifte|sex)
    overdosis
  `),
  sv: phrases(`
    (ta|tar|tog|avsluta*) _ (mitt|sitt|hans|hennes) (eget )?liv
    ta livet av (sig|mig)
    (döda|dödar|skada|skadar|hänga|hänger) (mig|sig) själv
    begå* självmord
    (självmordstankar|självmordsbenägen)
    (orkar|vill|önskar) inte _ (leva|vara vid liv)( längre| mer)?
    (jag|han|hon|de|hen) (vill|ville) dö
    önskar _ var död
    (skär|skar|skära) (sig|mig)( själv)?
    (hans|hennes|min|vår|deras|pappa|mamma|farbror|morbror|bror|pojkvän|man|han|hon|de|styvpappa) _ (slår|slog|misshandlar|sparkar|våldtog|våldtar) (mig|honom|henne|dem|oss|barnet|barnen|sin)
    (blir|blev|bli|har blivit) (slagen|slaget|slagna|misshandla*|utnyttja*|våldtag*|inlåst|hotad)
    misshandlas
    (tagit|tar|rört|rör) _ sexuellt
    (sexuell*|sexuellt) (övergrepp|utnyttja*)
    (vågar|törs) inte _ (hem|vara hemma)
    rädd _ (gå|komma|åka) hem
    inte trygg hemma
    (rymt|rymmer|rymde) hemifrån
    (hotar|hotade|hota) _ (med|mig|honom|henne|dem|sin|oss|döda)
    (har|köpt|bär) (en kniv|en pistol|ett vapen|en bomb|sprängmedel)
    (planerar|planerat|förbereder) _ (attentat|attack|dåd|skjutning|bomb)
    (döda|mörda) (mig|honom|henne|dem|dig|någon)
    (tvingar|tvingas|tvingats) _ (gifta|äktenskap|sex)
    överdos
  `),
  bg: phrases(`
    (самоубия|самоубие|самоубива|самоубият)( се)?
    опит* _ самоубийств*
    (сложи|сложа|слага|отнема|отнеме|отнема) _ (край на живота|живота)( си)?
    (да|ще) си отнеме живота
    не (искам|иска|искаш) _ (живея|живее)( повече)?
    (искам|иска) да (умра|умре)
    (нараня|нарани|наранява|наранявам|реже|режа|обеси|удави|убие|убия) се
    се (реже|режа|наранява|наранявам)
    (баща|майка|вуйчо|чичо|брат|приятел|мъж|той|тя|те|пастрок|родител*) _ (бие|бият|бил|удря|рита|души|изнасили|изнасилва)
    (ме|го|я|ги|ни) (бие|бият|удря|удрят|изнасили|пребива|пребиха)
    (малтретира*|пребит*|изнасилен*)
    (пипа|пипал|пипала|пипнал|докосва|докосвал) _ (сексуално|интимно|по интимните)
    сексуално* (насилие над|посегателств*|злоупотреб*)
    (страх|страхувам|страхува) _ (прибера|прибере|вкъщи|у дома)
    не (е|съм) в безопасност
    (избяга|избягал|избягала|бяга) от (вкъщи|дома)
    (заплашва|заплашил|заплашват|заплаши) _ (мен|ме|го|я|ги|майка|баща|че|с)
    (заплашва|заплашват)
    (има|носи|купи|купил) (нож|пистолет|оръжие|бомба|взрив*)
    (планира*|подготв*) _ (нападение|атентат|атака|стрелба)
    (ще|да) (ме|го|я|ги|те|ни) (убие|убия|убият)
    (принуждава*|насилва*) _ (женя|жени|омъжи|секс)
    свръхдоза
  `),
  fi: phrases(`
    (tappaa|tapan|tappavan|satuttaa|satutan|vahingoittaa|hirttää) (itsensä|itseni|itseään|itseäni)
    (riistää|riistän) _ (henkensä|henkeni)
    (päättää|lopettaa) _ (päivänsä|päiväni|elämänsä|elämäni)
    (tehdä|tekee|yrittänyt|yritti) itsemurhan*
    itsetuhoi*
    (en|ei) (jaksa|halua|tahdo) _ (elää|olla elossa)
    (haluan|haluaa|haluaisin|haluaisi) (vain )?kuolla
    (viiltelee|viiltelen|viilteli|viillellyt)
    (hän|isä|äiti|isänsä|äitinsä|setä|eno|veli|poikaystävä|mies|isäpuoli|ne|he|isäni|äitini|miehensä|mieheni) (lyö|löi|hakkaa|hakkasi|potkii|kuristi|kuristaa|raiskasi|pahoinpitelee|pahoinpiteli) (minua|häntä|heitä|meitä|lasta|lapsia|minut|hänet)
    (pahoinpidellään|pahoinpideltiin|hakataan|hakattiin|raiskattiin|raiskataan)
    (häntä|minua|lasta|heitä) (lyödään|lyötiin|käytetään hyväksi|uhkaillaan)
    (koskenut|koskee|koski|kosketellut|koskettelee) _ (seksuaalisesti|jalkoväliin)
    seksuaalis* hyväksikäyt*
    käytetty hyväksi seksuaalisesti
    (en|ei) uskalla _ (kotiin|olla kotona)
    (pelkään|pelkää) _ (kotiin|kotona)
    (en|ei) ole turvassa
    (karkasi|karannut|karkaa) kotoa
    (uhkaa|uhkasi|uhkailee|uhkaili) _ (äitiään|isäänsä|minua|häntä|heitä|meitä|tappaa|tappavansa|väkivallalla)
    (hänellä|heillä|minulla) on (puukko|veitsi|ase|pistooli|pommi)
    (suunnittelee|suunnittelevat|valmistelee|valmistelevat) _ (iskua|hyökkäystä|pommi*|ampumista)
    (tappaa|tapan) (minut|hänet|heidät|sinut|jonkun)
    (pakotetaan|pakotettiin|pakottaa) _ (naimisiin|seksiin)
    yliannostu*
  `),
};

/** Whether a text in lower case sounds like danger or a disclosure, in any of the languages: people in fear write as they think. */
export function soundsLikeDanger(text: string): boolean {
  return Object.values(danger).some((pattern) => pattern.test(text));
}
