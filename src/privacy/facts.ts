import { phrases } from "./phrases.ts";

interface Case {
  /** Who is meant: one person or one family, not "children". */
  readonly who: RegExp;
  /** What must not be known about them. */
  readonly fact: RegExp;
}

/** Numbers of cases stand for themselves. */
const numbers =
  /(?<!\p{L})(?:case (?:number|no\.?|nr\.?)|file (?:number|no\.?)|sagsn(?:umme)?r\.?|journaln(?:umme)?r\.?|ärende ?(?:nummer|nr\.?)|diarien(?:umme)?r\.?|målnummer|asianumero|diaarinumero|дело|преписка)\s*(?:№|nr|no|:|\.)*\s*\p{L}{0,4}[-/]?\d{2,}/iu;

const cases: Readonly<Record<string, Case>> = {
  en: {
    who: phrases(`
      (my|our|the|this) (mentee|boy|girl|child|son|daughter|mother|father|family|sister|brother|teenager|young man|young woman|pupil|student)
      (he|she|his|her|him|their)
    `),
    fact: phrases(`
      (adhd|autism|autistic|depression|depressed|schizophrenia|bipolar|anorexia|bulimia|ptsd|hiv|epilepsy|diagnos*)
      (psychiatric|psychiatry|antidepressant*)
      (medicine|medication|addict*|alcoholic*|drug*|drinks too much)
      (convicted|sentenced|prison|jail|arrested|criminal record|probation|burglary|theft)
      (asylum|undocumented|deport*|residence permit|refugee*)
      (taken into care|foster|placed in care|custody|social services|child protection)
      (muslim|jew*|roma|gypsy|islamist|radicali*|extremist*)
      (pregnan*|abortion|gay|lesbian|transgender)
      (in debt|homeless|benefits|bankrupt*)
    `),
  },
  da: {
    who: phrases(`
      (min|vores|den|denne) (mentee|unge|dreng|pige|mor|far|familie|bror|søster)
      (drengen|pigen|barnet|moren|faren|familien|den unge|eleven)
      (han|hun|hans|hendes|ham|hende|deres)
    `),
    fact: phrases(`
      (adhd|autisme|autist*|depression*|deprimeret|skizofreni|bipolar|anoreksi|ptsd|hiv|epilepsi|diagnos*)
      (psykiatri*|medicin|antidepressiv*)
      (alkoholiker*|alkoholmisbrug|misbruger|narko*|stofmisbrug*|afhængig)
      (dømt|straffet|fængsel*|fængslet|anholdt|straffeattest|tyveri|indbrud)
      (asyl|opholdstilladelse|udvis*|flygtning*|papirløs)
      (anbragt|tvangsfjernet|plejefamilie|forældremyndighed|underretning)
      (muslim*|jøde|roma|islamist*|radikaliser*|ekstremist*)
      (gravid|abort|homoseksuel|lesbisk|transkønnet)
      (gæld|hjemløs|kontanthjælp|konkurs)
    `),
  },
  sv: {
    who: phrases(`
      (min|vår|den|denna) (adept|pojke|flicka|mamma|pappa|familj|bror|syster|ungdom)
      (pojken|flickan|barnet|mamman|pappan|familjen|ungdomen|eleven)
      (han|hon|hen|hans|hennes|honom|henne|deras)
    `),
    fact: phrases(`
      (adhd|autism|autist*|depression*|deprimerad|schizofreni|bipolär|anorexi|ptsd|hiv|epilepsi|diagnos*)
      (psykiatri*|medicin|antidepressiv*)
      (alkoholist*|missbruk*|narkotika|drog*|beroende av)
      (dömd|dömdes|straffad|fängelse|gripen|gripits|belastningsregist*|stöld|inbrott)
      (asyl|uppehållstillstånd|utvis*|flykting*|papperslös)
      (omhändertag*|familjehem|vårdnad*|orosanmäl*)
      (muslim*|jude|rom|romsk|islamist*|radikaliser*|extremist*)
      (gravid|abort|homosexuell|lesbisk|transperson)
      (skuld*|hemlös|försörjningsstöd|konkurs)
    `),
  },
  bg: {
    who: phrases(`
      (моят|моята|нашият|нашата|този|тази) (менторант*|менториран*|момче|момиче|дете|майка|баща|семейство|брат|сестра)
      (момчето|момичето|детето|майката|бащата|семейството|менторант*|менториран*|ученикът|ученичката)
      (той|тя|него|нея|негов*|нейн*|му|ѝ|й)
    `),
    fact: phrases(`
      (аутиз*|аутист*|депреси*|шизофрени*|биполярн*|анорекси*|спин|епилепси*|диагноз*|адхд|хиперактивност)
      (психиатр*|лекарства|антидепресант*)
      (алкохолик*|алкохоличка|наркоман*|наркотици|дрога|зависим*)
      (осъден*|присъда|затвор*|арестуван*|кражба|обир)
      (убежище|бежан*|разрешение за пребиваване|депортир*|екстрадир*)
      (отнето|отнети|настанен* в|приемно семейство|родителски права|закрила на детето)
      (мюсюлман*|евреин|ром|ромка|ромско|циган*|ислямист*|радикализ*|екстремист*)
      (бременна|аборт|гей|лесбийка|трансджендър)
      (дългове|бездом*|социални помощи|фалит)
    `),
  },
  fi: {
    who: phrases(`
      (mentoroitava*|poika|pojalla|tyttö|tytöllä|lapsella|äiti|äidillä|isä|isällä|perhe|perheellä|veli|sisko|nuorella)
      (hän|hänen|hänet|hänellä|häneltä|hänelle|häntä|heidän)
    `),
    fact: phrases(`
      (adhd|autis*|masennus*|masentun*|skitsofreni*|bipolaari*|kaksisuuntai*|anoreksi*|ptsd|hiv|epilepsi*|diagno*)
      (psykiatri*|lääkit*|lääkkei*|masennuslääk*)
      (alkoholist*|päihde*|huume*|narkomaani*|riippuvai*)
      (tuomittiin|tuomittu|tuomio|vankila*|pidätet*|rikosrekister*|varkau*|murto)
      (turvapaik*|oleskelulup*|karkot*|pakolai*|paperiton)
      (huostaan*|sijoitettu|sijaisperhe*|huoltajuu*|lastensuojel*)
      (muslimi*|juutalai*|romani*|islamist*|radikalisoi*|ääri-islam*|ekstremist*)
      (raskaana|abort*|homo|lesbo|transsukupuoli*)
      (velka*|veloissa|asunnoton|toimeentulotu*|konkurssi*)
    `),
  },
};

/** Whether one sentence says of one person what belongs into no record here, or a case is named by its number. */
export function hasCaseFact(text: string, language: string): boolean {
  if (numbers.test(text)) return true;
  const about = [cases[language], language === "en" ? undefined : cases.en].filter((one) => one !== undefined);
  return text
    .toLowerCase()
    .split(/(?<=[.!?])\s+|\n/u)
    .some((sentence) => about.some(({ who, fact }) => who.test(sentence) && fact.test(sentence)));
}
