"""Countries: two-letter codes and the words of NetSuite's `Country` list (CU-11)."""

from __future__ import annotations

# Pairs of ISO 3166-1 code (and the reserved EA, IC, XK) and NetSuite's word without its first "_".
_PAIRS = """
AD andorra  AE unitedArabEmirates  AF afghanistan  AG antiguaAndBarbuda  AI anguilla  AL albania
AM armenia  AO angola  AQ antarctica  AR argentina  AS americanSamoa  AT austria  AU australia
AW aruba  AX alandIslands  AZ azerbaijan  BA bosniaAndHerzegovina  BB barbados  BD bangladesh
BE belgium  BF burkinaFaso  BG bulgaria  BH bahrain  BI burundi  BJ benin  BL saintBarthelemy
BM bermuda  BN bruneiDarussalam  BO boliviaPlurinationalStateOf  BQ bonaireSintEustatiusAndSaba
BR brazil  BS bahamas  BT bhutan  BV bouvetIsland  BW botswana  BY belarus  BZ belize  CA canada
CC cocosKeelingIslands  CD congoTheDemocraticRepublicOfThe  CF centralAfricanRepublic  CG congo
CH switzerland  CI coteDIvoire  CK cookIslands  CL chile  CM cameroon  CN china  CO colombia
CR costaRica  CU cuba  CV caboVerde  CW curacao  CX christmasIsland  CY cyprus  CZ czechia  DE germany
DJ djibouti  DK denmark  DM dominica  DO dominicanRepublic  DZ algeria  EA ceutaAndMelilla  EC ecuador
EE estonia  EG egypt  EH westernSahara  ER eritrea  ES spain  ET ethiopia  FI finland  FJ fiji
FK falklandIslandsMalvinas  FM micronesiaFederatedStatesOf  FO faroeIslands  FR france  GA gabon
GB unitedKingdom  GD grenada  GE georgia  GF frenchGuiana  GG guernsey  GH ghana  GI gibraltar
GL greenland  GM gambia  GN guinea  GP guadeloupe  GQ equatorialGuinea  GR greece
GS southGeorgiaAndTheSouthSandwichIslands  GT guatemala  GU guam  GW guineaBissau  GY guyana
HK hongKong  HM heardIslandAndMcdonaldIslands  HN honduras  HR croatia  HT haiti  HU hungary
IC canaryIslands  ID indonesia  IE ireland  IL israel  IM isleOfMan  IN india
IO britishIndianOceanTerritory  IQ iraq  IR iranIslamicRepublicOf  IS iceland  IT italy  JE jersey
JM jamaica  JO jordan  JP japan  KE kenya  KG kyrgyzstan  KH cambodia  KI kiribati  KM comoros
KN saintKittsAndNevis  KP koreaTheDemocraticPeoplesRepublicOf  KR koreaTheRepublicOf  KW kuwait
KY caymanIslands  KZ kazakhstan  LA laoPeoplesDemocraticRepublic  LB lebanon  LC saintLucia
LI liechtenstein  LK sriLanka  LR liberia  LS lesotho  LT lithuania  LU luxembourg  LV latvia  LY libya
MA morocco  MC monaco  MD moldovaTheRepublicOf  ME montenegro  MF saintMartinFrenchPart  MG madagascar
MH marshallIslands  MK northMacedonia  ML mali  MM myanmar  MN mongolia  MO macao
MP northernMarianaIslands  MQ martinique  MR mauritania  MS montserrat  MT malta  MU mauritius
MV maldives  MW malawi  MX mexico  MY malaysia  MZ mozambique  NA namibia  NC newCaledonia  NE niger
NF norfolkIsland  NG nigeria  NI nicaragua  NL netherlands  NO norway  NP nepal  NR nauru  NU niue
NZ newZealand  OM oman  PA panama  PE peru  PF frenchPolynesia  PG papuaNewGuinea  PH philippines
PK pakistan  PL poland  PM saintPierreAndMiquelon  PN pitcairn  PR puertoRico  PS palestineStateOf
PT portugal  PW palau  PY paraguay  QA qatar  RE reunion  RO romania  RS serbia  RU russianFederation
RW rwanda  SA saudiArabia  SB solomonIslands  SC seychelles  SD sudan  SE sweden  SG singapore
SH saintHelenaAscensionAndTristanDaCunha  SI slovenia  SJ svalbardAndJanMayen  SK slovakia
SL sierraLeone  SM sanMarino  SN senegal  SO somalia  SR suriname  SS southSudan  ST saoTomeAndPrincipe
SV elSalvador  SX sintMaartenDutchPart  SY syrianArabRepublic  SZ eswatini  TC turksAndCaicosIslands
TD chad  TF frenchSouthernTerritories  TG togo  TH thailand  TJ tajikistan  TK tokelau  TL timorLeste
TM turkmenistan  TN tunisia  TO tonga  TR turkiye  TT trinidadAndTobago  TV tuvalu  TW taiwan
TZ tanzaniaTheUnitedRepublicOf  UA ukraine  UG uganda  UM unitedStatesMinorOutlyingIslands
US unitedStates  UY uruguay  UZ uzbekistan  VA holySee  VC saintVincentAndTheGrenadines
VE venezuelaBolivarianRepublicOf  VG virginIslandsBritish  VI virginIslandsUS  VN vietNam  VU vanuatu
WF wallisAndFutunaIslands  WS samoa  XK kosovo  YE yemen  YT mayotte  ZA southAfrica  ZM zambia
ZW zimbabwe
"""

_WORDS = _PAIRS.split()
_BY_CODE = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def country(code: str) -> str | None:
    """NetSuite's value for a two-letter code in any case: `us` gives `_unitedStates`.

    None for what is empty or no country, so that the account's own country applies (CU-11).
    """
    word = _BY_CODE.get(code.strip().upper())
    return f"_{word}" if word else None
