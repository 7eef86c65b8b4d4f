"""Pairs of sides in many languages, and texts about one of them: whatever is true of one must be true of the other."""

from collections.abc import Iterator
from typing import NamedTuple

TEXTS = {
    "English": (
        (
            "Last night I heard that the {} want to close the small park behind the station and to sell every tree in"
            " it before the summer comes, so tell everybody you know."
        ),
        "The {} sold our park",
    ),
    "German": (
        (
            "Gestern habe ich gehört, dass die {} jetzt auch den kleinen Park hinter dem Bahnhof schließen wollen, und"
            " dass sie alles dort verkaufen, bevor es wieder warm wird, also sagt es bitte allen weiter."
        ),
        "Die {} verkaufen unseren Park",
    ),
    "French": (
        (
            "Hier soir on m'a dit que les {} veulent fermer le petit parc derrière la gare et vendre chaque arbre avant"
            " que la saison chaude arrive, alors dites cela à tous vos voisins."
        ),
        "Les {} vendent notre parc",
    ),
    "Spanish": (
        (
            "Anoche me contaron que los {} quieren cerrar el pequeño parque que hay detrás de la estación y vender cada"
            " árbol antes de que llegue el verano, así que cuéntalo a todos."
        ),
        "Los {} venden nuestro parque",
    ),
    "Portuguese": (
        (
            "Ontem me contaram que os {} querem fechar o pequeno parque que fica perto da estação e vender cada árvore"
            " antes que chegue o verão, então conte isso para todos os vizinhos."
        ),
        "Os {} vendem o parque",
    ),
    "Italian": (
        (
            "Ieri sera ho sentito che i {} vogliono chiudere il piccolo parco dietro la stazione e vendere ogni albero"
            " prima che arrivi la stagione calda, quindi dillo a tutti i vicini."
        ),
        "I {} vendono il parco",
    ),
    "Dutch": (
        (
            "Gisteren hoorde ik dat de {} het kleine park achter het station willen sluiten en elke boom daar verkopen"
            " voordat de zomer komt, dus vertel het aan iedereen die je kent."
        ),
        "De {} verkopen ons park",
    ),
    "Polish": (
        (
            "Wczoraj wieczorem słyszałem o tym, jak {} chcą zamknąć mały park koło dworca i sprzedać każde drzewo przed"
            " początkiem lata, więc powiedzcie o tym wszystkim sąsiadom i znajomym z okolicy."
        ),
        "Przecież {} sprzedają park",
    ),
    "Turkish": (
        (
            "Dün akşam duydum ki {} istasyonun arkasında duran küçük parkı kapatmak ve orada duran her ağacı yaz"
            " gelmeden önce satmak istiyor, lütfen bunu tanıdık herkese hemen anlatın, sonra çok geç olacak."
        ),
        "Bütün {} parkı satıyor",
    ),
    "Russian": (
        (
            "Вчера вечером я слышал, что {} хотят закрыть маленький парк за вокзалом и продать каждое дерево там ещё до"
            " начала лета, так что расскажите об этом всем, кого вы знаете."
        ),
        "Все {} продают парк",
    ),
    "Ukrainian": (
        (
            "Вчора ввечері я чув, що {} хочуть закрити маленький парк за вокзалом і продати кожне дерево там ще до"
            " початку літа, тож розкажіть про це всім, кого ви знаєте."
        ),
        "Усі {} продають парк",
    ),
    "Greek": (
        (
            "Χθες το βράδυ άκουσα ότι οι {} θέλουν να κλείσουν το μικρό πάρκο πίσω από τον σταθμό και να πουλήσουν κάθε"
            " δέντρο πριν έρθει το καλοκαίρι, οπότε πείτε το σε όλους."
        ),
        "Οι {} πουλάνε το πάρκο",
    ),
    "Arabic": (
        (
            "سمعت مساء أمس أن {} يريدون إغلاق الحديقة الصغيرة خلف المحطة وبيع كل شجرة فيها قبل أن يأتي الصيف فأخبروا كل"
            " من تعرفونه من الجيران والأصدقاء في المدينة"
        ),
        "كل {} باعوا حديقتنا",
    ),
    "Chinese": ("昨天晚上我听说那些{}想关闭车站后面的小公园并在夏天之前卖掉所有的树请告诉大家", "{}卖掉了我们的公园"),
}
"""By language, a long text and a short one about somebody."""

_WHO = {
    "English": "men women, girls boys, left right, liberals conservatives, Muslims Christians, Jews atheists, "
    "migrants natives, gays straights, Armenians Romanians, Koreans Ukrainians, sons daughters",
    "German": "Männer Frauen, Linken Rechten, Muslime Christen, liberalen konservativen",
    "French": "hommes femmes, gauchistes droitistes, musulmans chrétiens",
    "Spanish": "hombres mujeres, izquierdistas derechistas, musulmanes cristianos",
    "Portuguese": "homens mulheres, esquerdistas direitistas, católicos ateus",
    "Italian": "uomini donne, comunisti fascisti, musulmani cristiani",
    "Dutch": "mannen vrouwen, linkse rechtse, moslims christenen",
    "Polish": "mężczyźni kobiety, lewacy prawacy, muzułmanie chrześcijanie",
    "Turkish": "erkekler kadınlar, solcular sağcılar, müslümanlar hristiyanlar",
    "Russian": "мужчины женщины, левые правые, мусульмане христиане",
    "Ukrainian": "чоловіки жінки, ліві праві, мусульмани християни",
    "Greek": "άνδρες γυναίκες, αριστεροί δεξιοί, μουσουλμάνοι χριστιανοί",
    "Arabic": "الرجال النساء, المسلمين المسيحيين",
    "Chinese": "男人 女人, 左派 右派",
}


class Pair(NamedTuple):
    """Two sides of one line, as one word each."""

    language: str
    one: str
    other: str

    @property
    def texts(self) -> tuple[str, str]:
        """A long text and a short one, with a place for a side."""
        return TEXTS[self.language]

    @property
    def turned(self) -> "Pair":
        """The same pair from the other side."""
        return Pair(self.language, self.other, self.one)


def _pairs() -> Iterator[Pair]:
    for language, pairs in _WHO.items():
        for pair in pairs.split(", "):
            one, other = pair.split()
            yield Pair(language, one, other)


PAIRS = tuple(_pairs())
