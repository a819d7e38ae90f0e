"""The NetSuite types of one namespace that the sandbox speaks, in the notation of `schema.model`."""

FILE = "platform.commonTypes.xsd"
NAMESPACE = "urn:types.common_{version}.platform.webservices.netsuite.com"

TYPES = """\
"""

ENUMS = """\
Country
    _afghanistan _alandIslands _albania _algeria _americanSamoa _andorra _angola _anguilla _antarctica
    _antiguaAndBarbuda _argentina _armenia _aruba _australia _austria _azerbaijan _bahamas _bahrain
    _bangladesh _barbados _belarus _belgium _belize _benin _bermuda _bhutan _boliviaPlurinationalStateOf
    _bonaireSintEustatiusAndSaba _bosniaAndHerzegovina _botswana _bouvetIsland _brazil
    _britishIndianOceanTerritory _bruneiDarussalam _bulgaria _burkinaFaso _burundi _caboVerde _cambodia
    _cameroon _canada _canaryIslands _caymanIslands _centralAfricanRepublic _ceutaAndMelilla _chad
    _chile _china _christmasIsland _cocosKeelingIslands _colombia _comoros _congo
    _congoTheDemocraticRepublicOfThe _cookIslands _costaRica _coteDIvoire _croatia _cuba _curacao
    _cyprus _czechia _denmark _djibouti _dominica _dominicanRepublic _ecuador _egypt _elSalvador
    _equatorialGuinea _eritrea _estonia _eswatini _ethiopia _falklandIslandsMalvinas _faroeIslands _fiji
    _finland _france _frenchGuiana _frenchPolynesia _frenchSouthernTerritories _gabon _gambia _georgia
    _germany _ghana _gibraltar _greece _greenland _grenada _guadeloupe _guam _guatemala _guernsey
    _guinea _guineaBissau _guyana _haiti _heardIslandAndMcdonaldIslands _holySee _honduras _hongKong
    _hungary _iceland _india _indonesia _iranIslamicRepublicOf _iraq _ireland _isleOfMan _israel _italy
    _jamaica _japan _jersey _jordan _kazakhstan _kenya _kiribati _koreaTheDemocraticPeoplesRepublicOf
    _koreaTheRepublicOf _kosovo _kuwait _kyrgyzstan _laoPeoplesDemocraticRepublic _latvia _lebanon
    _lesotho _liberia _libya _liechtenstein _lithuania _luxembourg _macao _madagascar _malawi _malaysia
    _maldives _mali _malta _marshallIslands _martinique _mauritania _mauritius _mayotte _mexico
    _micronesiaFederatedStatesOf _moldovaTheRepublicOf _monaco _mongolia _montenegro _montserrat
    _morocco _mozambique _myanmar _namibia _nauru _nepal _netherlands _newCaledonia _newZealand
    _nicaragua _niger _nigeria _niue _norfolkIsland _northernMarianaIslands _northMacedonia _norway
    _oman _pakistan _palau _palestineStateOf _panama _papuaNewGuinea _paraguay _peru _philippines
    _pitcairn _poland _portugal _puertoRico _qatar _reunion _romania _russianFederation _rwanda
    _saintBarthelemy _saintHelenaAscensionAndTristanDaCunha _saintKittsAndNevis _saintLucia
    _saintMartinFrenchPart _saintPierreAndMiquelon _saintVincentAndTheGrenadines _samoa _sanMarino
    _saoTomeAndPrincipe _saudiArabia _senegal _serbia _seychelles _sierraLeone _singapore
    _sintMaartenDutchPart _slovakia _slovenia _solomonIslands _somalia _southAfrica
    _southGeorgiaAndTheSouthSandwichIslands _southSudan _spain _sriLanka _sudan _suriname
    _svalbardAndJanMayen _sweden _switzerland _syrianArabRepublic _taiwan _tajikistan
    _tanzaniaTheUnitedRepublicOf _thailand _timorLeste _togo _tokelau _tonga _trinidadAndTobago _tunisia
    _turkiye _turkmenistan _turksAndCaicosIslands _tuvalu _uganda _ukraine _unitedArabEmirates
    _unitedKingdom _unitedStates _unitedStatesMinorOutlyingIslands _uruguay _uzbekistan _vanuatu
    _venezuelaBolivarianRepublicOf _vietNam _virginIslandsBritish _virginIslandsUS
    _wallisAndFutunaIslands _westernSahara _yemen _zambia _zimbabwe
Language
    _afrikaans _albanian _arabic _armenian _bengali _bosnian _bulgarian _catalan _chineseSimplified
    _chineseTraditional _croatian _czech _danish _dutch _englishAu _englishCa _englishInternational
    _englishUK _englishUS _estonian _filipino _finnish _frenchCanada _frenchFrance _german _greek
    _gujarati _haitian _hebrew _hindi _hungarian _icelandic _indonesian _italian _japanese _kannada
    _korean _latinAmericanSpanish _latvian _lithuanian _luxembourgish _malay _marathi _norwegian
    _persianIran _polish _portugueseBrazil _portuguesePortugal _punjabi _romanian _russian
    _serbianCyrillic _serbianLatin _slovak _slovenian _spanish _swedish _tamil _telugu _thai _turkish
    _ukrainian _vietnamese
AvsMatchCode
    _n _x _y
VsoeSopGroup
    _exclude _normal _software
VsoeDeferral
    _deferBundleUntilDelivered _deferUntilItemDelivered
VsoePermitDiscount
    _asAllowed _never
RevenueStatus
    _pending _inProgress _completed _onRevCommitment
RevenueCommitStatus
    _committed _partiallyCommitted _pendingCommitment
GlobalSubscriptionStatus
    _confirmedOptIn _confirmedOptOut _softOptIn _softOptOut
ItemCostEstimateType
    _averageCost _custom _derivedFromMemberItems _itemDefinedCost _lastPurchasePrice
    _preferredVendorRate _purchaseOrderRate _purchasePrice
PresentationItemType
    _fileCabinetItem _informationItem _item _presentationCategory
SitemapPriority
    _00 _01 _02 _03 _04 _05 _06 _07 _08 _09 _10 _auto
IntercoStatus
    _paired _pending _rejected
CurrencySymbolPlacement
    _afterNumber _beforeNumber
AlcoholRecipientType
    _consumer _licensee
ShippingCarrier
    _fedexUspsMore _ups
"""

ELEMENTS = """\
"""
