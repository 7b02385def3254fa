const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

/** First names that are hardly anything else, in lower case: they count however they are written. */
export const firstNames = list(`
  adam agnes ahmed aisha aksel albert aleksander aleksandra alex alexander alexandra alfred ali alice alina alma amalie amanda amina amir
  anders andrea andreas andrei ane anette anita ann anna anne annika anton antonia arne arthur asger astrid august axel bashir bastian beata
  benjamin bent birgit birgitte bjarne bodil boris brian britta caroline casper catherine cecilie charlotte chloe christian christina
  christoffer christopher clara daniel daniela david dennis diana dimitar dmitri dorthe ebba edith edvard eino elena elias elin elisa elisabeth
  elizabeth ella ellen elliot elsa emil emilia emilie emily emma erik erika erkki esben esther eva fatima fatma fatme felix ferdinand fiona
  filip finn frederik freja frida fredrik gabriel gabriela george georg georgi gerda gitte gunnar gustav hanna hannah hanne hannele hans
  harald harry hassan heidi helena helene helle helmi henning henrik hugo hussein ibrahim ida ilona inge ingrid irene iris isabel isabella
  ismail ivan ivana jack jakob jakub james jan jana janne jari jasmin jens jeppe jenny jesper jessica joakim joanna johan johanna johannes
  john jonas jonathan jonna jorgen josef josefine joseph juha juhani jukka julia julie jussi kaarina kaisa kalle karen karin karim karl karoline
  kasper katarina kate katja katrine kerstin khadija kim kirsten kirsi klara klaus kristian kristina kristine kristoffer lars lasse laura lauri
  lea leena leif lena leo leon leyla liam lilian lilly lina linda linnea lisa lisbeth liisa lone lotta lotte louise lucas lucia lukas maja
  mads magdalena magnus maiken maija malene malin malthe marcus margit maria mariam marianne marie marika marina mark marko markus markku
  martha martin mathias mathilde matilda matti mats matthew maya mehmet merete mette mia michael mikael mikkel mikko milan milla minna mira
  mohamed mohammed muhammad monica monika morten moritz mustafa nadia nadja natalia nathalie niels nicklas niklas nicolai nicole nikola
  nikolai nikolaj nils nina noah nora olaf ole oliver olivia olga olli omar oskar oscar oskari osman ossi otto paivi patrick patrik paul paula
  paulina pavel pekka pernille peter petar petra petri petteri philip pia pirjo pirkko plamen poul preben rasmus rebecca riikka riitta rikke
  robert robin roman rosa ruth saara sabrina said salma sami samira samuel sandra sara sarah sari sebastian seppo signe sigrid silas silje
  simon simone sini sofia sofie sonja sophia sophie stefan stefania steffen stephanie stine susan susanna susanne sven svetlana tanja
  tatiana teemu theodor theresa thomas tiina tim timo tina tobias todor tomas tommi tommy tone torben tove troels tuomas tuula ulla ulrik ursula
  valdemar valentin valeria vanessa veronika viggo viktor viktoria vilhelm ville villads victor victoria vladimir william xenia yasmin yusuf
  zahra zainab zdravko zoe
  александър александра алекс алина ангел анелия андрей анна антон антония асен атанас ахмед борис борислав боян боряна ваня валентин
  валентина васил василка велина велислав венцислав вероника весела весел виктор виктория владимир галина ганка георги гергана глория
  григор дамян даниел даниела дарина деница десислава димитър димитрина диана дончо дора драган евгени елена елица емил емилия жана живко
  златина златка захари здравко зорница иван иванка ивайло ивелина иво илиян илияна инна ирина искра йоан йоана йордан йорданка йосиф
  калин камен камелия катерина катя кирил кирилка константин красимир красимира кристиян кристина лиляна лъчезар любомир людмил людмила
  магдалена мариела марин марина мария мартин мартина мехмед милен милена мила мина мирослав мирослава митко михаил моника мустафа надя
  наталия невена нели никола николай николина нина огнян павел петър петя пламен пламена поля радослав радостина радка ралица рангел
  рая росен росица румен румяна салих самуил светлана светослав севда силвия симеон симона славка соня стела стефан стефка стойчо стоян
  стоянка таня тодор тодорка теодора фатиме фатме филип христо хасан цветан цветанка цветелина цонка юлия юлиян юсеин явор яна ясен
`);

/** First names that are words as well: they count where a capital letter in mid-sentence says so. */
const alsoWords = "bo per tor sten björn stig liv sol hope grace rose mark will may april june faith joy bill";

/** Finnish names with a weak stem, as they stand before an ending. */
export const weakStems = list(`
  pekan matin mikon jukan antin riitan markun pirkon sadun jaakon eerikin erkin sepon anjan oton veikon heikin jounin tertun onnin villen
`);

/** Everyday words that a language has and that are first names elsewhere. */
export const everyday: Readonly<Record<string, ReadonlySet<string>>> = {
  en: list(`${alsoWords} mark jack robin iris tone said`),
  da: list(`${alsoWords} ane bent hans jan kim leif maja mark mia robin tone tove said ville`),
  sv: list(`${alsoWords} finn hans mark tone kim robin alma said ville`),
  bg: list("мина мила весел калин ясен роман рая поля искра жана дора"),
  fi: list("onni satu toivo ilma meri lumi tuuli veli armas kalle mark sini helmi iris kim"),
};

/** What has a capital letter and names no person: months and days, places, languages, courtesy, our own words. Beginnings of words. */
export const properWords =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|christmas|easter|ramadan|i|i'm|i’m|i'll|i’ll|i've|i’ve|i'd|i’d|ok|okay|de|dem|deres|ni|er|te|teidän|teille|teitä|вие|ви|вас|вам|ваш\p{L}*|fadder\p{L}*|zoom\p{L}*|google\p{L}*|facebook|instagram|whatsapp|messenger|microsoft|iphone|android|excel|word|europe\p{L}*|eu|europ\p{L}*|denmark\p{L}*|danish|danmark\p{L}*|dansk\p{L}*|sweden\p{L}*|swedish|sverige\p{L}*|svensk\p{L}*|finland\p{L}*|finnish|suom\p{L}*|finsk\p{L}*|bulgaria\p{L}*|bulgarian\p{L}*|bulgar\p{L}*|norway|norge|norweg\p{L}*|germany|german|tyskland|english|england|engelsk\p{L}*|englan\p{L}*|ruotsi\p{L}*|tanska\p{L}*|norja\p{L}*|saksa\p{L}*|copenhagen\p{L}*|københavn\p{L}*|kööpenham\p{L}*|aarhus|århus|odense|aalborg|esbjerg|herning|vejle|kolding|horsens|randers|roskilde|jylland|fyn|sjælland|stockholm\p{L}*|göteborg\p{L}*|gothenburg|malmö\p{L}*|uppsala|lund|örebro|umeå|helsinki\p{L}*|helsing\p{L}*|espoo\p{L}*|tampere\p{L}*|tamperee\p{L}*|vantaa\p{L}*|turku|turu\p{L}*|oulu\p{L}*|sofia|oslo|berlin|brussels|london|paris|софия|пловдив|варна|бургас|русе|плевен|стара|загора|видин|враца|шумен|добрич|българия|българск\p{L}*|дания|датск\p{L}*|финландия|швеция|норвегия|европа|европейск\p{L}*|англ\p{L}*|германия|община\p{L}*|министерство\p{L}*|kommune|kommun|municipality|university|school|red|cross|council|unit|lesson|lektion|enhed|enhet|oppitunti|jakso|раздел|урок|balkan\p{L}*|christian|muslim|god|mr|mrs|ms|dr|hr|fru|г-н|г-жа)$/iu;

/** Endings of family names. */
export const familyName =
  /^\p{Lu}\p{Ll}{2,}(?:sen|sson|ström|qvist|berg|lund|gaard|gård|nen|ова|ева|ски|ска|чев|чева|ев|ов|ova|eva|ov|ev|ska|ski|ic|ić)s?$/u;
