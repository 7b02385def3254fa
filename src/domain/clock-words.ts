/**
 * Words for days in English, Danish, Swedish, Bulgarian and Finnish, lower case. Each entry is a value and the
 * beginnings of its words, since Finnish and Bulgarian bend their ends; a "!" closes a word that is another's beginning.
 */
type Stems = readonly (readonly [number, string])[];

/** 1 = Monday … 7. */
export const weekdays: Stems = [
  [1, "monday mon! mandag man! måndag mån! понеделник пн! maanantai ma!"],
  [2, "tuesday tue! tirsdag tir! tisdag tis! вторник вт! tiistai ti!"],
  [3, "wednesday wed! onsdag ons! сряда ср! keskiviik ke!"],
  [4, "thursday thu! torsdag tor! tors! четвъртък чт! torstai to!"],
  [5, "friday fri! fredag fre! петък пт! perjantai pe!"],
  [6, "saturday sat! lørdag lør! lördag lör! събота сб! lauantai la!"],
  [7, "sunday sun! søndag søn! söndag sön! неделя нд! sunnuntai su!"],
];

/** 1 = January … 12. */
export const months: Stems = [
  [1, "january januar januari jan! януари tammik"],
  [2, "february februar februari feb! февруари helmik"],
  [3, "march marts mars mar! март maalisk"],
  [4, "april apr! април huhtik"],
  [5, "may! maj! maj май toukok"],
  [6, "june! juni jun! юни kesäk"],
  [7, "july! juli jul! юли heinäk"],
  [8, "august augusti aug! август elok"],
  [9, "september sep! sept! септември syysk"],
  [10, "october oktober oct! okt! октомври lokak"],
  [11, "november nov! ноември marrask"],
  [12, "december dec! декември jouluk"],
];

/** Days (1), weeks (7) and months (30). */
export const units: Stems = [
  [1, "day! days! dag! dage! dagar! ден! дни! дена! päivä"],
  [7, "week! weeks! uge! uger! vecka! veckor! седмица седмици viiko viikk"],
  [30, "month! months! måned! måneder! månad! månader! месец kuukau kuukaud kk!"],
];

/** Numbers that people write as words, and articles that mean one. */
export const numbers: ReadonlyMap<string, number> = new Map(
  [
    "a an one en et ett един една едно yksi yhden",
    "two to två два две kaksi kahden",
    "three tre три kolme kolmen",
    "four fire fyra четири neljä neljän",
    "five fem пет viisi viiden",
    "six seks sex шест kuusi kuuden",
  ].flatMap((words, index) => words.split(" ").map((word) => [word, index + 1] as const)),
);

/** Phrases for tomorrow. */
export const tomorrow: readonly string[] = [
  "tomorrow",
  "i morgen",
  "imorgen",
  "i morgon",
  "imorgon",
  "утре",
  "huomen",
  "huomis",
];

/** "Next". */
export const ahead: ReadonlySet<string> = new Set(
  "next næste nästa följande следващ следващия следващата следващият следващото другата другия ensi seuraava seuraavaan".split(
    " ",
  ),
);

/** Words around a date that carry nothing. */
export const fillers: ReadonlySet<string> = new Set(
  "until till til indtil tills för for i om på in on the of d den der до за след на в през asti saakka ajan ajaksi kunnes päästä pause paus пауза tauko".split(
    " ",
  ),
);
