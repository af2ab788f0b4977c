// English words and how positive or negative each is, −4…4 in halves: the words of the VADER lexicon (Hutto & Gilbert, ICWSM 2014)
// that are one lower-case word of at least 1.4 either way, rounded. MIT licence, see NOTICE.
export const englishWords: readonly (readonly [valence: number, words: string])[] = [
  [-4, `
raping rapist slavery`],
  [-3.5, `
apocalyptic brutalizing cancer catastrophe dead devastating devil evil evillest evilly excruciating excruciation faggot fatality fu fucked fucker hatefulness heartbroken hell horrific
horrifyingly kill killed killer killers killing killings motherfucker murder murdered murderer murderers murdering nigger rape raped raper rapers rapes rapists shittiest suicidal suicide
terrorised terrorises terrorism terrorist terroristic terrorize torturers tragedy twat villains whore`],
  [-3, `
abduction abhorrent abhors abuse abusive abusively abusivenesses afu angriest anguish assassination assault assaultive assholes bastards betray betrayal betrayed bitch bitches bitchiest
brutal brutalised brutalises brutalising brutality brutalize brutalizes brutally bullied bullshit bullying cocksucker condemnation contempt crisis cruel cruellest cruelly cruelness cruelty
cunts damnified death degrading destructive devastate devastated devastates devastative devastator devastators devilry deviltry dickhead die direful disaster disastrous disgust disgustedly
disgustingly dismal doomed dooming doomsday douchebag dreadfulness drowned dx enraging enslave evildoer evildoing eviller evilness excruciatingly faggots fatalities fatally ffs foetor fraud
fubar fuckers fuckface fuckhead fucktard fuking greediest harassers harshest hated hatred havoc heartlessly heartlessness hellish hopelessness horrendous horridnesses horrifically horrifies
infuriated irate jackasses kia maddest miserableness molestations molesting molests motherfucking murderee murderees murderous murderously murderousness murders obliterate obscene
offensively perverts pissed poisoners poisoning poisonously racism racist rageful remorselessness repulse ruin ruinate saddest scams scumbag shithead sinister slut sluttiest sob stab
terrified terrorise terrorising terrorisms terrorists terrorized terrorizes terrorizing torture torturing traumatically traumatise traumatization ugliest vile villainess villainously
violence violent violently war warmonger warmongers whored whores wickedest worst wtf`],
  [-2.5, `
abandonment abducted abhorred abused abuser abusers abuses abusiveness aggravate agonised agonises agonize agonizes agonizing agonizingly alarmingly anger angered angers angrier angry
anguishing antagonizing appall arrogance ass assassinations assaulted assaulting assaults assfucking attacker attackers bad ban bankrupt bastard bastardised bastardises bastardising
bastardization bastardize bastardizing bastardly bastardy betraying betrays bfd bfe bitched bitcheries bitchery bitchily bitchiness bitchy bitterest blameworthy brutalise brutalities
brutalizations brutalized casualty chaos chastise cheated cheater cheating choke cocksuckers compassionless condemns conspiracy contemptuously corpse crappy crestfallen crime criminal
criminals crude crudest crueler cruelest crueller cruelties curse cwot damaging damnation damnatory damnifying damnit danger dangered dangering dearth degradation degradingly dehumanizing
dejecting depressed depressingly depression despaired despairing despairs despisement despisements despising destroy destroyers destroying destroys destruct destructing destruction
destructionist destructions destructively destructiveness destructs devastatingly devilishness devilkin devilled devils dick died dirtiest disappointment disasters disconsolate disgusted
disgustful disgusting disheartenment dishonest dissatisfying distraught distress distressfulness distrusted disturbing disturbingly doa doomsdays downhearted dreaded dreadfully dreadfuls
dreading drown dullsville dumb dumbass dumbest dumbhead effin egotist enemy enrage evildoers evildoings evilest evils excruciate fail failed failing failure fascist fatal fearfullest fearing
felonies felony fiasco fired fkm foetid foreclosures frauds fraudster fraudsters fraudulence frightful frustrated fuck fuked fuming furious fury gloom goddam goddammed grieving grievousness
grim grouchiest harassed harasser harasses harassing harassment harassments harm harmfully harmfulness harming hate hatefully hating heartbreak horrible horribleness horribly horrid
horridness horrified horrify horrifying horror horrors hostility humiliate humiliatingly humiliation humiliations hurt hurter hurtful hurtfully idiot idiotic ignoramuses illegal
impolitenesses incompetence indignation infuriates infuriating injustice insanity insult insulted insultingly irritant irritation joyless joylessness killingly kills lamebrained lazier
laziest liar liars livid loathing loneliest loser losers lousiest lousy lowbred lying miseries miserliness misery mofo molester moronic mourningly mourns murderesses naggiest nastier
nastiest nastinesses nasty negative negativity neglected nfc nfw numbskull obnoxiously offending offensiveness outcry outrage outraged outrages pain painfully painfulness panic pathetic
perversity pervert perverted petrified petrifies petrifying pissants pita po poison poisoner poisonings poisonous poisons pollute poorest poverty prblms prejudice prejudicial prejudicialness
prison prisoner prisoners puke punish punishers punishing punitive racists rage raging rancid rancidity rancidly rancidness reek regrettable rejected rejectee rejection remorseless retard
retarded revenge revengeful riot riots rob robber rotten rudest ruination ruinous ruinously sabotage sadden saddened sadder savageness savagery savages scam scandalous shamed shamefaced
shamefulness shamefulnesses shit shitheads shitty sick sickened sickening sin sinful sluts sluttier sluttishness slutty snafu sobs sorrow sorrowed sorrower sorrowfully sorrowfulness spite
spited spitefully spitefulnesses starved starves stealing steals stench stenchful stenchy stinkard stinking stinkpot strangled stressful stressfully stricken stupid stupider stupidest
stupidnesses stupids sucker suckers suffer sufferers swindle tard terriblenesses terribly terrifies terrify terrifying terror terrorization terrors thief thieves threat threatening tortured
torturer tortures torturous totalitarianism tragical tragically trapped traumatic traumatised traumatism traumatize traumatizing travesty treasonous troublesome troubling trustless ugliness
uglinesses ugly unethical unhappier unhappiest unhappiness unhealthy unjust unlovable unloving unprofessional viciousness victimising victimization victimize victimizing villain villainies
villainousness villainy violated violater violaters violates violating violations violative violator virulent wanker warmongering warred wars weakest weep weepiest whoredoms whoremonger
whoresons wicked woebegone worsen wrathful wth`],
  [-2, `
abandon abandoned abandoner abandoners abductions abhor abusing accident aching admonished adversity affectionless aggravated aggravates aggressiveness aghast agitated agitating agitators
agonise agonized agony amort angering angerly angrily anguished anguishes animosity annoy annoyances annoyer annoys antagonism antagonist antagonistically antagonize appalled appallingly
appalls apprehension arguing argumentatively arrested arrests arrogances arrogant arrogantly ashamed atab attack attacked attacking attacks aversion avoider awful badly banish bankster
banned bastardies bastardise bastardizations bastardized bastardizes beaten beating belittle belittled bereave bereaved bereaves bitchier bitter bittered bitterer bitterly blamable blamably
blamed blamer blamers blaming block bloody bomb broke broken brutalization bsod btd bully burden burdensome catastrophic censor chagrin chaotic charmless chastised cheat cheaters cheats
choked chokes choking chucklehead collapse comfortless complainer condemned conflictive contagion contemptibilities contemptibleness contemptuous contradictious coward criticise criticised
criticism crudeness crudenesses cruder crushed crushes cry crying cunt damage damaged damager damagers damages damagingly damnableness damnifies damnify damningly damns dangerous dangerously
dangerousness dangers darkest deceit deceitful deceived deception defeat defeated defeatists defeature defecting defective defectively defectiveness defectives defector degradative degrade
degraded degrader degraders degrades dehumanize dehumanized deject dejected dejects denied denies denounces depress depresses depressions depressively depressor deprival deprivation
deprivations deprive deprived depriving despairingly desperation desperations despiser despises despondent destroyed destroyer destructed destructibility destructionists destructivity detain
devastation devastations deviling devilish devilling devilment dipshit dire dirty disabling disadvantage disadvantageous disadvantageously disagreeablenesses disagreements disappointed
disappointing disappointingly disappointments discomfort discontented discourage discouragement discouragements discouragers discourages discouraging discouragingly discredited disdain
disgrace disgraced disgusts dishearten disheartened disheartening dishearteningly disheartenments disheartens disillusioned dismay dismayed dismaying dismayingly dismays disparage
disparaging displeased disqualified disrespect disrespected dissatisfaction dissatisfactions dissatisfactory dissatisfies dissatisfy distressed distressful distressingly distrust distrustful
distrustfully distrusting disturbers disturbs dolorous doomful doomsdayer doomster downcast dread dreadful drowns dullards dullnesses dumbheads dumbness dumpish duped dysfunction
egotistically embarrassment emptiest emptiness enemies enrages erroneous eviction eviler exasperated excruciations expel exploited exploiting fag failings fails failures faithlessness fake
fakes faking falsify faultfinding faultier faultiest faultily faults fcol fear feared fearful fearfuller fearfully fearfulness fears feuded fightings flawed flunked flunker flunkey flunks
flunky foe foeman foes foetors fool fooleries foolery foolishly foolishness foolishnesses fools forbidden forbidding forbiddingly forced foughten frantic fraudulent freak freaking freakish
freakout freeload frightened frightening frighteningly frightfulness frustrate frustrates frustrating frustratingly frustration frustrations fucks fumed furiously futile gloomed gloomful
gloomiest gloominess glooming glum goddamn goddamned goddamns goddams gossipping greedier greedily greenwash grief grievance grieved griever grieves grievous grimaced grimaces grimy gross
grossest grossness grouch grouchier grouchiness grouchy guiltier guiltiness guilty harass harmed harms harsh harsher hateful hater haters hates haunted heartbreaker heartbreakers
heartbreaking heartbreakingly heartbreaks heartless heavyhearted helpless helplessness heroin heroinism homesickness homesicknesses hooliganism hopeless hopelessly horrendously horribles
hostilely hostilities hurters hurtfulness hurts hypocritical hysteria hysterics idealess ignorami ignoramus ill illiteracy illnesses imbecile immoral immoralist immorally impatience
impolitely impoliteness imprisoned incapacitated incensed incompetent inconsiderate indignant infected inferiorities inferiorly infringement infuriate injury insecure insecureness
insecurities insecurity insensitivity insincere insincerely insipid insulter insulters insulting insults intimidated intimidating intimidation irrationalist irresponsible irritable irritably
irritants irritate irritated irritating irritatingly irritative jackass jailed jealous jealousies jealously jeopardy killjoy lame lamely lament lamentations lamenting libelous lies loathe
loathed loathes loneliness lonesomeness lousier lowbrow lowery lowliest lowlifes lowlight lowlives ludicrousness lugubrious lunatic mad maddening madness maniac masochistic meaningless
melancholiac melancholy menace mindless misbehave miser miserable miserably misrepresentation misunderstanding mock mocks molest molestation molested molesters moochers moodiest mope moron
mourn mourners mournfuller mournfulness mourning murderess nagger nasties nastily neglect neglectful neglectfully neglectfulness neglects neurotically nme notorious numbskulls obliterated
obnoxious obnoxiousness offends offensive oppressed outrageous outraging overreacts pained painful pains panicked panicking panics passionless pathetically penalty perjury perpetrator
persecute perverse perversely perverseness perversive pessimisms pessimistically petrifaction phobias pisser pitiful pitifuller pitiless pitilessly poisoned polluted polluter polluters
pollutes poor powerless prejudiced prejudices prejudicing problematic problematical problematically promiscuity prosecutes prosecution protesting puked pukes puking punishable punished
punisher punishes punishment punishments qq raged rages rebelliously recession reeked reeking regret regretful regretfully regrettably regretters rejectees rejecters rejecting rejections
rejective rejector rejects remorselessly repressing repressors repulsed resentful resentfulness resentment resentments revengefulness revenger revengers revenges ridicule ridicules
ridiculing robs rude rudely ruder rudesby ruined ruiner ruins sad saddening saddens sadly sadness savage savaged savagely savageries scandal scandals scare scared scaremonger scaremongers
scaring scary scornful screwed screwiest sedition selfish selfishnesses severely shame shamefacedly shamefacedness shameful shamefully shamelessnesses shattered shits shittier shitting
shylock sicken sickener sickeners sickeningly sickens sins sluttish sluttishly sluttishnesses smartass smother smothers smuggler smuggling snob snobbery snub snubbed snubs sobbed somber
sorrowful spammer spamming spiteful stabbed stabs stampede stank starve starving steal stealers stealings stinkiest stolen stress stresses stressor stressors struggling stupidities stupidity
stupidly suck sucked suckered suckering sucky suffered sufferer suffering suffers suspended swindling tantrum temper terrible terribleness thieve thieveries thievery thoughtless threatened
threateners threateningly threating threats ticked tired torturously totalitarian tragedies tragic tragics trauma traumas traumatises traumatising traumatizations treason troubled
troublemaker troublemakers troublemaking troublers troubles troublesomely troublesomeness troublous troublously ugh uglier uglies uglification uglifies uglify uglifying uglily unacceptable
unattractive undeserving undesirable uneasiest uneasinesses unemployment unfair unfortunate unfortunates unfulfilled ungrateful ungratefully unhappily unhappinesses unhappy unintelligent
uninvolved uninvolving unloved unlovelier unloveliest unloveliness unlovely unpleasant unsavory unworthy upsetter upsetters upsetting useless vain vexation vexing victimhood victimized
victimizer villainesses villainous violate violation violators vitriolic vulture warfares warring waste wasted weak weaken weaker weakliest weakly weakness weapons weeper weepier weeping
weepings weirdo wept whines whoredom whorehouses whoremaster whoremongers whoreson wickeder wickedly wickedness wickednesses widowed wiseass woe woeful woefulness woes worriedly worrier
worries worriments worrisomely worrisomeness worrit worry worrywart worse worsened worsening worsens worser worthless wreck wrong wronged yucky zealot`],
  [-1.5, `
abandoning abandonments accidentally accuses ache ached acrimonious adversarial adverse adversities afflicted aggressed aggressivities agitate agitatedly agitates agitator agonising alarm
alarmed amoral amorality angriness annoyed annoyers annoying antagonistic antagonists antagonized appalling argue argued arguer arguers argues argument argumentative argumentive arguments
arrest ashamedly aversive avoidance avoided avoiders avoiding bamboozle bamboozled bamboozles battle battlefield battleground battles bitterish bitterness blame blameful blamefully blames
blameworthiness blind blocking bother botheration bothering boycotted boycotting boycotts brainwashing bummer burdened burdeners burdening burdens careless carelessness carelessnesses
chagrined chastises chastising cheerless cheerlessness clueless coerced collision combat complain complained complainingly complains complaints condemn conflicting conflicts confrontational
confrontations confusedness confusingly contagions contagious contemptible contemptibly contradictoriness contradictors contradictory contradicts cowardly crap crash crazily craziness crazy
cried cries criticising criticize criticized criticizer criticizers criticizes criticizing crushing cynic cynical cynicism cynicisms damn damnable damnably damnations damned damning deadlock
debt decay decayed decayer decayers decaying decays deceive deceives deceiving defeater defeating defeatist defeatures defect defected defection defections defects defenseless deficit
degradations dehumanizes demoralized denier denounce deny denying depressant depressants depressible depressing depressive depressives depressors depriver deprivers deprives derailed
deriding desperately desperateness despise despised despisers destructible detained detention deviled devilishly devilries deviltries difficult difficultly difficulty dirt dirtier
disadvantaged disadvantageousness disadvantages disagree disagreeable disagreeableness disagreeably disagreeing disagreement disappears disappoint disappointedly disappoints discarded
discomfortable discomforted discomforting disconsolation discord discouraged discourager disillusionment disillusionments disillusions dislike disliked dislikes disorder disoriented
disparaged disparages dispute disputed disputing disregarded disregards disruption disruptions dissatisfied distorted distorts distracted distractible distractingly distraction distractive
distresses distressfully distressing distrustfulness disturb disturbance disturbances disturbed disturber doom doomsayers doomsaying doomsayings doomsters dork doubt doubtable doubter
doubtful doubting doubtingly douche drained dreads dreary drunk dubious dull dullard dulled duller dullest dullness dumbed dumber dumbfounded dumbs dump dumped dumpier dumpiest dumps dumpy
dupe eerie egotism egotistic egotists embarrassable embarrassed embarrasses embarrassing embarrassingly embarrassments emergency emptinesses enraged enslaved enslaves error errors excluded
exhausted exhausting exhaustion expelling expels exploits failingly fallen falsified farce fatalisms fatigued fatiguingly fault faulted faultfinders faultiness faulting fearsome feud feuding
feuds fidgety fiery fight fighting fights fire firing flop flops flu flunkers flunkies flunking fooled foolhardier foolhardiness foolhardy fooling foolisher foolishest forbiddance forbidder
forbidders frantically freakiest freakiness freakishness freakouts freaky freebooter freeloaded freezingly friendless fright frighted frighten frightens frightfully frighting frowning
funeral funerals gag glamourless gloomier gossiping gossipmongers grave gravely graveness gravesides greed greediness grievances grieve grievously grimacing grime grimier griminess grimmer
grouchily grouching guiltiest guilts gullibility gullible gun hacked hapless haplessness harried haunt helplessly helplessnesses hesitater hesitaters hesitates hesitating hesitatingly
hindrance hooligan horridly hostile humiliated humorlessness hurting hurtling idealless ignorance ignorantly ignore ignoring illness immoralism immoralists impatiently impolite inability
inadequacies inadequacy inadequate inadequateness inadequatenesses incapable inconvenience inconvenient indoctrinate ineffectuality inferior inflamed inhibit inhibition inhibitive injured
insane insecurely insignificant insincerity interrogated interrupt interruption interruptions interruptive intimidations intimidator intimidators irrational irrationalism irrationalists
irrationalities irrationality irrationally irresolute irritabilities irritability irritableness irritates irritations isolation jaded jealousness jerk joylessly killjoys lackadaisical lag
lags lamebrain lamentable lamentably lamentation lamented laments lamer lamest lazy leak lethargy lied lonelier lonelinesses lonely lonesome lonesomes lose losing losses louse lousiness
lowballed lowermost lowest lowlier lowlife ludicrous lunatics madly maniacally manipulated manipulating masochism masochist masochistically melancholias menaced mess messed messy misbehaved
misbehaves misbehaving mischief miserly misers misgiving misinformed misleading misreporting mistake mistaken mistaker mistakers mistakes misunderstand misunderstood mlm mockeries mocking
mooch mooched moocher mooches mooching moodiness moodinesses moody moronically mourner mournful mournfully mumpish nag nagana nagged naggers naggier nagging naggy needy neglecter neglecters
neglecting neurotic niggas nimy nitl nonsense numb numbly obsessing obsession obsessional obstacle obstacles offences offender offenders offenses ominous oppressive optionless overload
overreacted overweight painfuller paining panicky paranoias paranoids peril persecuting perturbed perverter pessimism pessimist pessimistic petrify phobia piss pissant pissers pisses pissing
pitying pleasureless poorer prblm prejudicially pressuring prick pricklier prickliest problem problems profitless promiscuously prosecute prosecuted provoke punishabilities punishability
quaking rancidnesses rant rash rebeldom reckless reeker reekers refusing regretfulness regrets regretted regretter regretting reject rejecter rejectingly reluctance reluctancy repress
repressible repression repressions repressive repressively repressor resented resentfully resign restlessly restrict restricted restricting revengefully ridiculed ridiculer ridiculers
ridiculous ridiculously ridiculousnesses rigged riskier riskiest riskinesses robing rudeness ruinable ruinated ruinates ruinating ruinations ruing scapegoat scapegoats scarer scares scarey
scold scorn scream screamers screaming screwup screwy seditious seduced selfishly selfishness severe severed severer severest shakedowns shameless shamelessly shamelessness shames shitted
shock shocking shocks shoot shylocking shylocks shyster slam sleeplessness sluggish smartasses smear smileless smothering smuggest smuggle smuggled smugglers smuggles smugness smugnesses
snobbily snobbishnesses snobby snobs sobbing sore sorrowing sorrows spam spammers spitefulness spites stealable stealer stenches stifled stingy stink stinker stinkier stinko stinky strained
stressed stressing strikes struggled strugglers struggles stubborn stubborner stubbornly stubbornnesses stunk stupidness sucks sulking sullen suspects suspicion suspicions suspicious
suspiciously sux swindles talentless tantrums tense tenseness tenser tensioner tensioning tensions thieved threaten threatener threatens toothless tragediennes traumata traumatized
traumatizes trembling trickers trivialising trouble troubler tumor turmoil uglified unappreciated unapproved uncertainly uncertainties uncertainty uncomfortable uncomfortably
uncontrollability uncontrollable uncontrollably unconvinced undermined undermines undermining unease uneasier uneasily uneasiness uneasy unequal unfocused unfortunately unfriendly
ungratefulness unimpressed unimpressive unkind unmotivated unprotected unsatisfied unsecured unstable unsuccessful unsuccessfully unsupported unwelcome upset upsets uptight uselessly
uselessness vicious victimised victimizations victimizers victimizes virtueless warning wasting weakener weakhearted weaklier weaklings weaknesses weaponed weepies weeps whine whoremasters
wimp wimpish wiseasses wisenheimers witch woefully worriers worriment worrisome worrying worrywarts`],
  [1.5, `
absolved absolving accept acceptabilities acceptably acceptances acceptant accepting accomplishes active admirals admiralties admirations admirers admires admiring adorer adores advantaged
advantageous advantageousness advantages advantaging adventures adventuresome adventuresses adventurism adventurist adventuristic adventurous affectionally affections agree agreeably
agreeing alive amorist amuse amusement amusements amuses amusing amusive apologise apologizes applauded applauds appreciate appreciations appreciativeness appreciators appreciatory approves
asset assurance assurances assure assured assuredly assuredness assuring astonished astound attract attractants attracts awarded badass beaut beautifier beautifiers beauts benefic
beneficences beneficialness benefits benefitted benevolence benevolently blessedly blessedness bold boldest boldly boldness boost boosted boosting brightens brighter brightly brightness
brightnesses calmed calmer calmest calming calmness calmnesses capable captivated carefree certainly charitable charitablenesses charitably charm charminger cheerer cheerlead cheerled
cherish chuckle chuckling clarity clean clear clearly clevernesses comedian comedic comediennes comedies comedy comfort comforting comfortingly commitment compassionated compassionately
compassionates compassionating complimentarily compliments contented contentedness contentment convinced convincing convincingly courtesy coziness creations creatively creativities
creativity credit creditabilities creditably credited credits cutesier cuteys cutie daring daringness darlingly dear definitely delectables delighting desire determination determined devote
devoted devotedly devotee devotement devotes diamond dignities dignity divination divinatory dreams dynamic dynamically dynamism dynamist dynamistic eager eagerly eagerness eagers ease
easeful easefully easement easily easiness easygoingness efficiencies efficiency efficiently elation elegancies empathetic enchanted encouraged encourager encouragers endorses energization
energizations energizers engage engaged engaging engagingly enlightens ensure entertained entertainer enthuse enthuses enthusiast enthusiasts excitabilities excitable excited exciters
exhilarating exonerates exultantly ez fantasticality fantasticate favor favorably favorers favorited favourer favourers festivals fiestas fit flattered flexibility flirtation focused
foolproof forgave forgivable forgivably forgiven forgiver forgives forgivingly freed freedwoman freehanded freehearted freeman freemen freeness freenesses freest friended friendships funnier
funninesses funnyman gained gains gallant gentler gga giggled gigglers giggliest giggling giver givers giving gladly glamorization glamorize glamorizers glamors glorifiers gloriole graces
gracile grander grant gratification gratified gratifies greater greeting grinners grinning growth ha hardy harmlessly harmonics harmonising harmonize harmonized harmonizer harmonizers
harmonizes harmonizing harmony healthy heavens heavenward help helper helps highlight hilarious holiday holidays honoraries honorary honorer honorific honorifics honourers hoped hopefully
hopefulness huggable hugged hugger humerous humoristic humorous humors humouring idealise idealism idealist idealistically idealities idealizations idealizing importance importancy
impressionistic impressionistically impressiveness incentive innocence innocent innocently innovation inspiratory integrity intellective intellectualities intellectuality intellectualization
intellectualize intellectually intellectualness intellectuals intelligencer intelligencers intelligences intelligentsia intelligibility intelligible intelligibleness interested interestedly
interesting interestingly invigoration irresistible jewel jokester jollities justified jw keen keenness kissed kisser kissers kk laugher laughers lawl like liking livelier liveliness
livelong loyalist lts luckie lucks lylb magnificoes meditative mercy merited meritoriousness merits merrier merrymakers merrythoughts motivate motivation natural neatest neatly niceness
niceties nifty np ntmu nurtural nurturance nurturant nurture ok openness opportune opportunely opportunities optimal optimisation optimised optimises optimising optimists optimization
optimizer palatable pardoning partied partier parties party partying passional peaceable peacekeeper peacekeepers peacekeepings peacemaking perfecta perfecters perfectible perfectionist
perfects picturesque play played playfully pleasanter pleaser pleases popularise popularities popularizes popularizing positivism positivists praying prays prettied pretties pride privilege
privileges profitably profiting promised promisers promises promising promote promotes promoting protect proudhearted radiance radiancy rapturous ready reassurance reassurances reassure
reassured reassures reassuring recommend reinvigorating relaxedly relaxer relaxers relaxes relaxin relieve relieved relievedly reliever relieves relieving relishing resolve resolvers
resolving respectably respecters respectfully respectively responsive restful restored revive revives rewarder robust romancers romantic romanticise romanticised romanticization safeguard
safeguarded safeguards safekeeping safeness safest safeties satisfactorily satisfactoriness satisfactory scrumptiously secure secured securely secureness securer securitized securitizes
security shared sincere sincerities smart smartened smartening smartens smarties smartly smartnesses smarts smile smiler smiley smileys sociableness sociably solving soothe special
splendiferousness strengtheners strengths stressless stresslessness stronger strongish stunning superiority support supportiveness supports surefootedly surefootedness surprisal survivor
sympathy tenderest tenderhearted terrifically thank thks thoughtful thoughtfully thrill thrills thx tranquilest tranquilities tranquilness treat truer trustfully trustily trustiness trusting
trustingly trustingness truthfulness tx ty unified untarnished validate validates validating valuableness value values valuing vigoroso vindicates virtues virtuosa vitalization vitalize
vitalized vitalizes warmest warmish warmly warmness wealthy welcomed welcomer welcomes welldoers welling wellspring wellsprings wised wiseliest wish worshipfulness worshipping worships
worthwhile xp xqzt yeees yes yvw`],
  [2, `
acceptance accomplish accomplished admirableness admire admirer adorability adorable adorably adorations adored adorers advantageously adventurousness affectional affectionate affectionately
affectioned agog agreeability agreeable agreeableness agreement amazed amazedly amazements amazes ambitious amorous amorousness amused amusedly amusingness aok applaud applauding applause
appreciating appreciatively approval approved ardent astounded astounding astoundingly astounds attracted attracting attraction attractions attractive attractively attractiveness
attractivenesses awardee awarding awards beatific beautification beautified beautifies beautifuler beneficently beneficial beneficiaries beneficiary benefit benefitting benevolences
benignant better bless blesseder blessers blessing braved braveries bravery braves breathtaking bright brighten brightened brilliantines brilliants care cared carefulness cares caring champ
championing championship championships champs charitableness charities charity charmed charmer charmers charmingly charms cheerers cheerfuller cheerfully cheerfulness cheeriest cheers
cherishable cherisher cherishers cherishes cherishing classy clever cleverer comedically comfortably comforted comforter comforts commend commended compassion compassionate compliment
complimentary complimented confident confidently congratulate considerate contentedly courage courageousness creative creativeness creditability creditable creditworthiness cute cutenesses
cutes cutesiest cutesy cutey cutiepie cuties daringly darlings dearer dearie dearly dearness dears deary dedicated deliciously deliciousness delightedness delighter delightfulness delights
devotedness devoting devotion devotionally devotions dignified dignifies dignify dignifying dignitary divinities easier easiest easy effective effectively efficient elegance elegances
elegancy elegant elegantly encouragement encouragements encourages encouragingly energetic energetically energise energised energises energising energize energizer energizes energizing
engagement enjoy enjoyable enjoyableness enjoyably enjoyer enjoyers enjoyments enlightened entertaining entertainingly entertainment enthused enthusiasm enthusiasms enthusiastic enthusing
esteemed excel excelled excitant excitation excitations excite excitement excitements exciter excites exciting excitingly exonerate exonerated fab faith faithful faithfully faithfulness
faiths fame fantastical fantasticalities fascinated fascinates fascination faultless faultlessly fav fave favorable favorableness favored favoring favorite favorites favour favoured favours
fearless festival festive festively festivities festivity ff fiesta foaf fond fondly forgiving forgivingness fortunate freebie freebies freeing freely friend friending friendlier friendlies
friendlily friendliness friendly friends friendship ftw fulfill fulfilled funner funnily funniness funning funny gaining gallantly generously genial gentle gentlest gently gift giggle gj
glad glamor glamorised glamorises glamorized glamorizing glamorously glamourous glamours glories glorification glorifies good goodness gorgeousnesses grace graceful gracefuller gracefulness
grand grandeurs grateful gratefuller gratefully gratefulness gratifications gratifyingly gratz greetings grin hagd hagn haha hahas hak hand handsome handsomely handsomer harmonic
harmonically harmonious harmoniously harmoniousness harmonise harmonization heartwarming helpful helpfulness heroines heroisms heroize heroized heroizes heroizing hhoj honester honesties
honestly honesty honor honorability honorableness honorarily honoree honorifically honourable honoured honourer honouring honours hope hopes hoping hug huggers hugging hugs hugz humoring
humour humourous hurrahed hurrahs hurrayed idealised idealises idealistic ideality idealization idealized idealizers idealizes ideally impress impressed impresses impressively improve
improved improvement improver improves improving influential innocency innovate innovates innovative inspirations inspirator inspired inspirer inspirers inspires inspiring inspirit
inspiriting inspiritingly intellect intellects intellectualism intellectualist intellectualizes intelligence intelligent intelligential intelligently interest interestingness invigorate
invigorates invigorating invigoratingly invincible jewels jollies jollification jollifications jollify jollity jovial joys keenest kinder kindly kindness kiss kissable kissably kissy kmuf
laughed laughing laughings laughs laughter laughters lighthearted likeable liked likes liveliest livelily lively lmao lmbao lol lovelies loyal loyally loyalties luck lucked luckier lucky
lulz magnifico marvel marvels mature medal merit meritorious merriments merriness merrymaker merrymaking mirthfully mml motivated motivating neat neatened nh nice nicely nicenesses nicer
nicest noble nurtured nurturer nurtures nurturing okays opportunity optimality optimisations optimise optimisms optimistically optimize optimized optimizers optimizes optimizing passion
passions peaceableness peaceably peaceful peacefuller peacefulness peacekeeping peacemaker peaces peacetime peacetimes perfecter perfectibilities perfectibility perfectively perfectivity
playful pleasantly pleasantry pleased pleasurability pleasures popular popularity popularized popularizer popularly positivenesses positivisms positivist positivistic powerful praised
praiser praisers praiseworthily preciously preciousness prettier pretty privileged prizes proactive profit profitable profits progress promoted prosperous protected proud prouder proudful qt
radiant reassuringly reinvigorated reinvigorates reinvigoration rejoice rejoiced rejoices relax relaxed relaxedness relaxing relief rescued respect respectabilities respectable respected
respecter respectful respectfulness respecting respective rewardable rewarded rewarders rewards richened richly richness richnesses roflcopter romanced romancing romantically romanticism
romanticisms romanticist romanticizations romanticize romanticizes romantics rotglmao safe safely safer safety satisfaction satisfactions satisfiable satisfied satisfies satisfy satisfying
satisfyingly save saved scrumptious sentimentally serene sharing sincerely sincereness sincerer sincerest slaw smarten smarter smartness smiles smiling sociable sparkle splendidly
splendiferously splendorous splendors splendour splendours splendrous sprightly stimulating strength strengthened strengthener strengthening strengthens strongest suave succeed succeeded
succeeding succeeds successfully sunny sunshine sunshiny superiorly supporters supporting supremest supremo surefooted surely sureness sweet sweetie sweeties sweetly sweetness sweets talent
talents tenderly tenderness terrific thanked thankfuller thankfullest thankfully thankfulness thanks thoughtfulness thrilled thrilling thrillingly tranquiler tranquility tranquillity
treasures treasuring triumph triumphal triumphalisms triumphed triumphs true trueness truest truly trustability trusted truster trustful trustfulness trustiest trusts trustworthiness trusty
truthful truthfully truths united urw useful usefully valuable valuables valued vbg vindicated virtue virtuosas virtuosic virtuosity virtuoso virtuosos virtuously virtuousness vitalising
vivacious vwp warmhearted warmth wealth wealthier wealthiest wealthily welcome welcomely welcomeness welcomers welcoming wellborn wellness winnable winned winners wise wisely wiseness wisest
woo woot worthy wows wtg yw`],
  [2.5, `
aas aayf admirability admirable admirably admiration admired admiringly adorableness adore adoring adoringly adventuring affection amaze amazement amoroso amorously appreciated appreciates
appreciation appreciative appreciator award awardable beauteous beauteously beauteousness beauties beautifications beautifulest beautifully beautifulness beautify beautifying beloved
beneficent beneficially benevolent bl blesser blesses blessings bliss bonus bonuses brave bravely braver bravest brightening brilliancies brilliancy bwahahah celebrate celebrated celebrates
celebrating champions charmingest cheer cheered cheerful cheerier cheerily cheeriness cheering cheerly cheery cherished cleverest cleverly cleverness comfortable complimenting confidence
congrats courageous courageously courteous creditworthy cuteness cuter darlingness dauntless dearest delicious delighted delightedly delighters delightfully delightsome divine divinest
divinity divinize earnest ecstasies ecstatic encourage encouraging energized enjoyed enjoying enjoyment enjoys enlighten enlightening enterprising entertainments entertains enthusiastically
ethical excellences excellencies excellency excellent excelling excels excitedly fabulous fantastic fascinate fascinating fav festiveness flawless fondness free friendliest fun funned
funniest fwb gain gallantry generosities generosity generous generousness gla glamorizer glamorizes glamorous glamour gloried glorified glorifier glorify glorifying gloriousness glory
gorgeously gracefully gracious graciously graciousness grandest grandeur gratifying gratitude hahaha handsomeness handsomest happier happily happiness happy heartfelt heaven heavenliest
heavenliness heavenlinesses helpfully hero heroes heroic heroically heroics heroine honest honorable honorably honorees honoring honors honour hooray hopeful humorously humorousness hurrah
hurrahing hurray hurrays ideal iluaaf impressing impressive inspiration inspirational inspirationally inspire inspiringly intellectual iyq jollied jollier jollily jolliness jolly jollying
joyance joyfuller joyfully joyfulness joying justice kfy kind kindnesses kisses kissing kudos laugh laughingly liberties liberty lmfao lmso lolz lovers loves lovingness loyalty luckily ly
lylab lylas magnific magnifical magnifically magnificence magnificences masterpieces merriest merrily merriment merry merrymakings mirth mirthful muah mwah optimism optimist overjoyed
passionate passionately passionateness peace peacefully peacemakers perfect perfected perfecting perfection perfections pleasant pleasantest pleasantness pleasantnesses pleasing pleasurable
pleasurableness pleasurably pleasure pleasured positive positively positiveness positiver positives positivities positivity praise praises praiseworthiness praiseworthy praising precious
prettiest prize prized prizewinner prizewinners profitableness proudest proudly ptl reinvigorate relaxation remarkable rescue respectability revered reward rewarding rewardingly rich richer
riches richest rofl roflmao romance romanticising rotfl rotflmfao securest sexy sfete sgtm smiled smilingly sophisticated splendent splendidness splendiferous strong success successes
successfulness sunnier sunniest superior supreme supremely supremeness supremer survived swak sympathetic talented tenderheartedly tgif thankful tia tops treasurable treasured triumphant
triumphantly triumphing trust trustable trustworthily trustworthy tyvm valuably vibrant vip virtuous visionary vwd warmheartedness wd wealthiness welldoer winning winningly winnings wins
wisdom won wonderful woohoo worshiped worshipped wowed wowing xd xoxozzz yay yummy ywia`],
  [3, `
adoration alol amazing ambw amor awesome beautiful beauty beneficence best bff blessed blessedest blissful blockbuster brightest brilliance brilliances brilliant brilliantly champion
charming cheerfullest congratulation congratulations cutest darling delectable delectably delight delightful divinely ecstasy ecstatically ecstatics elated enrapture euphoric excellence
excellently exhilarated exhilarates exuberant exultant fabulousness freedom funnest glee gleeful glorious gloriously godsend gorgeous gorgeousness gracefullest great greatest hallelujah
happiest heart heavenlier heavenly heroical heroism honestest honored jolliest joy joyed joyful joyous joyously joyousness jubilant lifesaver lmao lol lovable love loved lovely lover loverly
loving lovingly luckiest lyb lyl magnificent marvelous masterpiece miracle muah outstanding paradise peacefullest perfectest perfectly perfectness pleasuring positivest prizewinning pukka
rejoicing rotflmao rotflol rotgl sete smartest soulmate splendid splendor successful super superb sweethearts tenderheartednesses vbs win winner wonderfully wonderfulness wow xd xlnt xoxo`],
  [3.5, `
aml ecstacy euphoria hearts ilu ily lya magnificently sweetheart`],
]
