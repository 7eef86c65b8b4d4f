"""Words for the two or more sides of a line that parts people: gender, faith, politics, origin.

Who is spoken of is what a text says: two texts that differ in such a word do not say the same, whichever side it is.
"""

from __future__ import annotations

import re

from evenhand.engine.text.fold import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).text.split())


GROUPS = _folded(
    """
    man men woman women male males female females boy boys girl girls guy guys gal gals lad lads lass lasses gentleman
    gentlemen lady ladies husband husbands wife wives father fathers mother mothers dad dads mum mums mom moms son
    sons daughter daughters brother brothers sister sisters masculine feminine trans transgender cis cisgender gay
    gays lesbian lesbians straight straights homosexual homosexuals heterosexual heterosexuals bisexual bisexuals mann
    männer männern mannes frau frauen männlich männliche männlichen weiblich weibliche weiblichen junge jungen mädchen
    vater väter mutter mütter sohn söhne tochter töchter bruder brüder schwester schwestern schwul schwule schwulen
    lesbisch lesbische lesbischen hetero heteros homme hommes femme femmes garçon garçons fille filles masculin
    masculins féminin féminins père pères mère mères frère frères sœur sœurs fils mari maris épouse épouses lesbienne
    lesbiennes hombre hombres mujer mujeres varón varones niño niños niña niñas chico chicos chica chicas masculino
    masculinos femenino femeninos padre padres madre madres hijo hijos hija hijas hermano hermanos hermana hermanas
    esposo esposa homem homens mulher mulheres menino meninos menina meninas pai pais mãe mães filho filhos filha
    filhas irmão irmãos irmã irmãs uomo uomini donna donne ragazzo ragazzi ragazza ragazze maschio maschi femmina
    femmine figlio figli figlia figlie fratello fratelli sorella sorelle marito mariti moglie mogli mannen vrouw
    vrouwen jongen jongens meisje meisjes vader vaders moeder moeders zoon zonen dochter dochters mężczyzna mężczyźni
    mężczyzn mężczyznom mężczyznami kobieta kobiety kobiet kobietom kobietami chłopak chłopcy chłopców dziewczyna
    dziewczyny dziewczyn kvinna kvinnor kvinnorna män männen pojke pojkar flicka flickor mænd kvinde kvinder menn
    kvinne kvinner erkek erkekler erkeklerin kadın kadınlar kadınların мужчина мужчины мужчин мужчинам мужчинами
    женщина женщины женщин женщинам женщинами мужики баба бабы мальчик мальчики мальчиков девочка девочки девочек
    парень парни парней девушка девушки девушек чоловік чоловіки чоловіків жінка жінки жінок хлопець хлопці дівчина
    дівчата άνδρας άνδρες γυναίκα γυναίκες

    left right leftist leftists rightist rightists leftwing rightwing liberal liberals conservative conservatives
    progressive progressives reactionary reactionaries socialist socialists communist communists capitalist
    capitalists nationalist nationalists globalist globalists patriot patriots fascist fascists antifascist
    antifascists anarchist anarchists monarchist monarchists royalist royalists democrat democrats republican
    republicans unionist unionists separatist separatists loyalist loyalists rebel rebels leaver leavers remainer
    remainers populist populists centrist centrists feminist feminists masculinist masculinists environmentalist
    environmentalists industrialist industrialists pro anti yes links rechts linke linken linker linkes rechte rechten
    rechter rechtes liberale liberalen konservative konservativen sozialisten kommunisten nationalisten patrioten
    faschisten gauche droite gauchiste gauchistes droitiste droitistes libéral libéraux conservateur conservateurs
    progressiste progressistes socialiste socialistes communiste communistes nationaliste nationalistes fasciste
    fascistes izquierda derecha izquierdista izquierdistas derechista derechistas zurdo zurdos facha fachas liberales
    conservador conservadores progresista progresistas socialista socialistas comunista comunistas nacionalista
    nacionalistas fascista fascistas esquerda direita esquerdista esquerdistas direitista direitistas liberais
    progressista progressistas sinistra destra liberali conservatore conservatori progressisti socialisti comunisti
    nazionalista nazionalisti fascisti linkse rechtse liberalen conservatieven socialisten communisten lewica lewicy
    prawica prawicy lewak lewacy lewaków prawak prawacy prawaków liberałowie konserwatyści solcu sağcı solcular
    sağcılar vänster höger левый левые левых правый правые правых либерал либералы либералов консерватор консерваторы
    консерваторов коммунист коммунисты коммунистов националист националисты националистов патриот патриоты патриотов
    ліві лівих праві правих αριστερός αριστεροί δεξιός δεξιοί

    muslim muslims islam islamic christian christians christianity jew jews jewish judaism hindu hindus hinduism
    buddhist buddhists sikh sikhs atheist atheists catholic catholics protestant protestants orthodox sunni sunnis
    shia shias shiite shiites believer believers unbeliever unbelievers mosque mosques church churches synagogue
    synagogues muslime muslimen muslimisch muslimische muslimischen christen christlich christliche christlichen juden
    jüdisch jüdische jüdischen atheisten katholiken katholisch katholische protestanten evangelisch evangelische
    moschee kirche musulman musulmans musulmane musulmanes chrétien chrétiens chrétienne chrétiennes juif juifs juive
    juives athée athées catholique catholiques protestante protestantes mosquée église synagogue musulmán musulmana
    musulmanas cristiano cristianos cristiana cristianas judío judíos judía judías ateo ateos católico católicos
    mezquita iglesia sinagoga muçulmano muçulmanos cristão cristãos judeu judeus ateu ateus mesquita igreja musulmani
    musulmano cristiani ebreo ebrei atei cattolico cattolici moschea chiesa moslim moslims joden christelijk joods
    islamitisch muzułmanin muzułmanie muzułmanów chrześcijanin chrześcijanie chrześcijan żyd żydzi żydów ateista
    ateiści müslüman müslümanlar hristiyan hristiyanlar yahudi yahudiler ateist ateistler мусульманин мусульмане
    мусульман мусульманам христианин христиане христиан христианам иудей иудеи иудеев еврей евреи евреев евреям атеист
    атеисты атеистов православный православные православных католик католики католиков мусульмани християни євреї
    μουσουλμάνοι χριστιανοί εβραίοι

    black blacks white whites brown asian asians african africans european europeans arab arabs latino latinos latina
    latinas native natives foreigner foreigners immigrant immigrants migrant migrants refugee refugees citizen
    citizens schwarz schwarze schwarzen weiß weiße weißen einheimische einheimischen ausländer migranten flüchtlinge
    noir noirs noire noires blanc blancs blanche blanches étranger étrangers immigré immigrés migrants réfugiés
    français negro negros negra negras blanco blancos blanca blancas extranjero extranjeros inmigrante inmigrantes
    migrantes preto pretos preta pretas branco brancos branca brancas estrangeiros imigrantes nero neri bianco bianchi
    stranieri immigrati zwarte zwarten witte witten buitenlanders чёрный чёрные чёрных белый белые белых мигрант
    мигранты мигрантов местный местные местных
    """
)
"""Nouns and adjectives of English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, the Scandinavian
languages, Turkish, Russian, Ukrainian and Greek; our own list, as they read after `engine.text.fold`. Scripts without
capitals need none: there every word that is exchanged is a doubt. Names of nations, parties and persons are told by
their capitals. Sides that an ending of a verb tells (Slavic languages, Hebrew, Arabic) are not seen."""

PRONOUNS = _folded(
    """
    he him his himself she her hers herself er ihn ihm sein seine seinen seiner sie ihr ihre ihren ihrer lui elle il
    él ella ele ela dele dela lei hij hem zijn zij haar han hun hans hennes henne hon ham hende он его ему она её ей
    він його вона її
    """
)
"""They come in any text: one that stands in the place of another is a doubt, one more is none."""

ALL = GROUPS | PRONOUNS

_SIGNS = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f3\ufe0f?\u200d(?:\U0001f308|\u26a7)"
    "|(?<!\u200d)[\u2640\u2642\u26a2-\u26a5\u26a7\u271d\u2626-\u2628\u262a\u2721\u2638\u262c\u26ea"
    "\U0001f549\U0001f52f\U0001f54b-\U0001f54e\U0001f6d0\U0001f6b9\U0001f6ba\U0001f466-\U0001f469]"
)
"""Flags, signs of faith and of gender, and people; not what makes another sign a woman or a man."""
_MAY_BE_SIGNS = re.compile("[\u2626-\u2721\U0001f1e6-\U0001f6d0]")
"""Which all of them have: much faster to look for."""
PEOPLE = frozenset("\U0001f466\U0001f467\U0001f468\U0001f469")
"""Boy, girl, man, woman: they decorate, and count as pronouns do."""


def signs(text: str) -> list[str]:
    """Those in the text, in their order."""
    return _SIGNS.findall(text) if _MAY_BE_SIGNS.search(text) else []
