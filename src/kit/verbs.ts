/**
 * English verbs by lexicon and by ending: enough to tell prose from labels.
 *
 * @module
 */

/** Frequent forms that no ending gives away. */
const lexicon: ReadonlySet<string> = new Set(
  `am is are was were be been being isn't aren't wasn't weren't i'm you're we're they're he's she's it's that's there's what's i've
  you've we've they've i'll you'll we'll they'll he'll she'll it'll i'd you'd we'd they'd let's has have had having hasn't haven't
  hadn't do does did done doing don't doesn't didn't can can't cannot could couldn't may might must mustn't shall should shouldn't will
  won't would wouldn't ought go goes went gone get gets got gotten make makes made take takes took taken give gives gave given come comes
  came see sees saw seen know knows knew known think thinks thought say says said tell tells told ask asks find finds found keep
  keeps kept let lets put puts run runs ran become becomes became begin begins began begun bring brings brought build builds built buy
  buys bought catch catches caught choose chooses chose chosen cut cuts draw draws drew drawn eat eats ate eaten fall falls fell
  fallen feel feels felt fight fights fought fly flies flew flown forget forgets forgot forgotten grow grows grew grown hear hears
  heard hide hides hid hidden hold holds held hurt hurts lead leads led learn learns leave leaves lie lies lay lain lose loses
  lost mean means meant meet meets met pay pays paid read reads ride rides rode ridden rise rises rose risen seek seeks sought sell
  sells sold send sends sent set sets shake shakes shook shaken shine shines shone show shows shown shut shuts sing sings sang sung
  sink sinks sank sunk sit sits sat sleep sleeps slept speak speaks spoke spoken spend spends spent stand stands stood steal steals
  stole stolen stick sticks stuck swim swims swam swum teach teaches taught throw throws threw thrown understand understands understood
  wake wakes woke wear wears wore worn win wins won write writes wrote written seem seems appear appears remain remains happen happens
  want wants need needs like likes love loves hate hates hope hopes wish wishes believe believes agree agrees allow allows add adds
  apply applies arrive arrives avoid avoids call calls carry carries contain contains consider considers continue continues create creates
  decide decides depend depends describe describes enjoy enjoys ensure ensures enter enters exist exists expect expects explain explains
  follow follows gather gathers help helps include includes increase increases improve improves involve involves join joins jump jumps
  look looks live lives move moves offer offers occur occurs open opens perform performs play plays prepare prepares prevent prevents
  proceed proceeds produce produces protect protects provide provides pull pulls push pushes reach reaches receive receives reduce
  reduces refer refers remember remembers remove removes require requires return returns save saves serve serves share shares start
  starts stay stays stop stops suggest suggests support supports talk talks thank thanks try tries turn turns use uses visit visits wait
  waits walk walks close closes check checks cost costs watch watches work works worry worries click choose select type press enter install configure check verify copy
  delete edit update see please welcome`.split(/\s+/),
)

/** Words that end like a verb and are none. */
const nouns: ReadonlySet<string> = new Set(
  `bed red shed seed feed speed breed need weed reed embed hundred sacred kindred naked wicked infrared thing something anything nothing
  everything king ring sing spring string wing sling swing ceiling morning evening during building meeting wedding engineering
  marketing accounting housing clothing training pricing hosting size prize expertise enterprise exercise franchise merchandise paradise
  promise premise otherwise likewise wise rise noise date state rate plate gate climate candidate certificate corporate private
  climate chocolate template late private ultimate senate affiliate delegate associate appropriate accurate adequate alternate duplicate
  estate mandate pirate immediate intermediate separate`.split(/\s+/),
)

const verbal = /..(?:ed|ing|ize|izes|ise|ises|ify|ifies|ate|ates)$/

/** Last letters of the endings above: most words are told by them alone. */
const mayEndVerb: ReadonlySet<string> = new Set('dgesy')

/** Whether a lower-case word is a verb form, as far as can be told without its sentence. */
export function isVerb(word: string): boolean {
  const plain = word.includes('’') ? word.replace('’', "'") : word
  return lexicon.has(plain) || (mayEndVerb.has(plain.at(-1)!) && verbal.test(plain) && !nouns.has(plain))
}
