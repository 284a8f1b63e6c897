// The word lists of the TPC-H specification (clause 4.2.2.13 and the distributions of its generator), in their order, which the draws rely on.

/** Runs of words of equal weight, separated by commas. */
export type WeightedWords = readonly (readonly [weight: number, words: string])[];

export const NOUNS: WeightedWords = [
	[40, "packages,requests,accounts,deposits"],
	[20, "foxes,ideas,theodolites,pinto beans,instructions"],
	[10, "dependencies,excuses,platelets,asymptotes"],
	[5, "courts,dolphins"],
	[
		1,
		"multipliers,sauternes,warthogs,frets,dinos,attainments,somas,Tiresias,patterns,forges,braids,frays,warhorses,dugouts,notornis,epitaphs,pearls,tithes,waters,orbits,gifts,sheaves,depths,sentiments,decoys,realms,pains,grouches,escapades,hockey players",
	],
];

export const VERBS: WeightedWords = [
	[20, "sleep,wake,are,cajole,haggle"],
	[10, "nag,use,boost"],
	[5, "affix,detect,integrate"],
	[
		1,
		"maintain,nod,was,lose,sublate,solve,thrash,promise,engage,hinder,print,x-ray,breach,eat,grow,impress,mold,poach,serve,run,dazzle,snooze,doze,unwind,kindle,play,hang,believe,doubt",
	],
];

export const ADVERBS: WeightedWords = [
	[1, "sometimes,always,never"],
	[50, "furiously,slyly,carefully"],
	[40, "blithely"],
	[30, "quickly"],
	[20, "fluffily"],
	[
		1,
		"slowly,quietly,ruthlessly,thinly,closely,doggedly,daringly,bravely,stealthily,permanently,enticingly,idly,busily,regularly,finally,ironically,evenly,boldly,silently",
	],
];

export const ADJECTIVES: WeightedWords = [
	[20, "special,pending,unusual,express"],
	[
		1,
		"furious,sly,careful,blithe,quick,fluffy,slow,quiet,ruthless,thin,close,dogged,daring,brave,stealthy,permanent,enticing,idle,busy",
	],
	[50, "regular"],
	[40, "final,ironic"],
	[30, "even"],
	[20, "bold"],
	[10, "silent"],
];

export const PREPOSITIONS: WeightedWords = [
	[50, "about,above,according to,across,after"],
	[40, "against,along"],
	[30, "alongside of,among"],
	[20, "around"],
	[10, "at"],
	[
		1,
		"atop,before,behind,beneath,beside,besides,between,beyond,by,despite,during,except,for,from,in place of,inside,instead of,into,near,of,on,outside,over,past,since,through,throughout,to,toward,under,until,up,upon,whithout,with,within",
	],
];

export const AUXILIARIES: WeightedWords = [
	[
		1,
		"do,may,might,shall,will,would,can,could,should,ought to,must,will have to,shall have to,could have to,should have to,must have to,need to,try to",
	],
];

export const TERMINATORS: WeightedWords = [
	[50, "."],
	[1, ";,:,?,!,--"],
];

export const COLORS =
	"almond,antique,aquamarine,azure,beige,bisque,black,blanched,blue,blush,brown,burlywood,burnished,chartreuse,chiffon,chocolate,coral,cornflower,cornsilk,cream,cyan,dark,deep,dim,dodger,drab,firebrick,floral,forest,frosted,gainsboro,ghost,goldenrod,green,grey,honeydew,hot,indian,ivory,khaki,lace,lavender,lawn,lemon,light,lime,linen,magenta,maroon,medium,metallic,midnight,mint,misty,moccasin,navajo,navy,olive,orange,orchid,pale,papaya,peach,peru,pink,plum,powder,puff,purple,red,rose,rosy,royal,saddle,salmon,sandy,seashell,sienna,sky,slate,smoke,snow,spring,steel,tan,thistle,tomato,turquoise,violet,wheat,white,yellow".split(
		",",
	);

export const PRIORITIES = "1-URGENT,2-HIGH,3-MEDIUM,4-NOT SPECIFIED,5-LOW".split(",");

export const INSTRUCTIONS = "DELIVER IN PERSON,COLLECT COD,TAKE BACK RETURN,NONE".split(",");

export const SHIP_MODES = "REG AIR,AIR,RAIL,TRUCK,MAIL,FOB,SHIP".split(",");

export const SEGMENTS = "AUTOMOBILE,BUILDING,FURNITURE,HOUSEHOLD,MACHINERY".split(",");

export const REGIONS = "AFRICA,AMERICA,ASIA,EUROPE,MIDDLE EAST".split(",");

const combined = (...parts: readonly string[]) =>
	parts
		.map((part) => part.split(","))
		.reduce((all, next) => all.flatMap((word) => next.map((other) => `${word} ${other}`)));

export const CONTAINERS = combined("SM,LG,MED,JUMBO,WRAP", "CASE,BOX,BAG,JAR,PACK,PKG,CAN,DRUM");
export const TYPES = combined(
	"STANDARD,SMALL,MEDIUM,LARGE,ECONOMY,PROMO",
	"ANODIZED,BURNISHED,PLATED,POLISHED,BRUSHED",
	"TIN,NICKEL,BRASS,STEEL,COPPER",
);

/** Each with the number of its region. */
export const NATIONS: readonly (readonly [name: string, region: number])[] = [
	["ALGERIA", 0],
	["ARGENTINA", 1],
	["BRAZIL", 1],
	["CANADA", 1],
	["EGYPT", 4],
	["ETHIOPIA", 0],
	["FRANCE", 3],
	["GERMANY", 3],
	["INDIA", 2],
	["INDONESIA", 2],
	["IRAN", 4],
	["IRAQ", 4],
	["JAPAN", 2],
	["JORDAN", 4],
	["KENYA", 0],
	["MOROCCO", 0],
	["MOZAMBIQUE", 0],
	["PERU", 1],
	["CHINA", 2],
	["ROMANIA", 3],
	["SAUDI ARABIA", 4],
	["VIETNAM", 2],
	["RUSSIA", 3],
	["UNITED KINGDOM", 3],
	["UNITED STATES", 1],
];
