"""What goes together with what, and what an author is told when it does not."""

import pytest

from tests.unit.engine.rules.check.projects import refused, type_of

PERHAPS = "Perhaps may be None: it is Optional[int] | give a value to be used instead: ResolveOptional(optional_value="


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("X = 1 + 2", "int"),
        ("X = 1 + 2.0", "float"),
        ("X = 4 / 2", "float"),
        ("X = Number // 2", "int"),
        ("X = Number % 2.5", "float"),
        ("X = 2 ** 8", "int"),
        ("X = 1 << 3 | 4 & 2 ^ 1", "int"),
        ("X = Text + 'a'", "str"),
        ("X = Text * 2", "str"),
        ("X = 2 * Text", "str"),
        ("X = -Half", "float"),
        ("X = not Flag", "bool"),
        ("X = not Spam", "bool"),
        ("X = Flag and Spam or Number > 3", "bool"),
        ("X = f'{Text} of {User}, {Number}'", "str"),
        ("X = Text in ['a', 'b']", "bool"),
        ("X = 'a' not in Text", "bool"),
        ("X = User == 'somebody'", "bool"),
        ("X = User in Words", "bool"),
        ("X = Spam == True", "bool"),
        ("X = Perhaps == 3", "bool"),
        ("X = Number == 2.5", "bool"),
        ("X = Words == []", "bool"),
        ("X = Text == None", "bool"),
        ("X = None", "None"),
    ],
)
def test_operators_give_a_type(line, type_):
    assert type_of(line) == type_


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = Text + 1", "+ does not take str and int | write an f-string: f'{A} {B}'"),
        ("X = Text - 'a'", "- does not take str and str | "),
        ("X = Flag | Spam", "| does not take bool and Rule | write or"),
        ("X = Flag & Flag", "& does not take bool and bool | write and"),
        ("X = Flag + 1", "+ does not take bool and int | "),
        ("X = Words + Words", "+ does not take List[str] and List[str] | use ConcatStringLists(lists=[A, B])"),
        ("X = 1.5 << 2", "<< does not take float and int | "),
        ("X = -Text", "- takes a number, not str | "),
        ("X = User + 'a'", "+ does not take Entity[str] and str | write an f-string: f'{A} {B}'"),
        ("X = Perhaps + 1", f"{PERHAPS}Perhaps, default_value=0)"),
        ("X = -Perhaps", f"{PERHAPS}Perhaps, default_value=0)"),
        (
            "X = Maybe + 'x'",
            "Maybe may be None: it is Optional[str] | give a value to be used instead: ResolveOptional(",
        ),
        ("X = Perhaps > 1", "Perhaps may be None: it is Optional[int] | compare with None first: Perhaps != None and"),
        ("X = Text < 'b'", "< compares numbers, not str with str | "),
        ("X = Text == 1", "this is always False: str and int are never equal | give the name that comes from JsonData"),
        ("X = Number != '1'", "this is always True: int and str are never equal | give the name that comes"),
        ("X = Flag == 1", "this is always False: bool and int are never equal | "),
        ("X = User == 1", "this is always False: Entity[str] and int are never equal | "),
        ("X = Words == 'a'", "this is always False: List[str] and str are never equal | "),
        ("X = 1 in Words", "this is always False: List[str] has no int in it | "),
        ("X = 1 not in Text", "this is always True: str has no int in it | give the name"),
        ("X = 1 in 2", "`in` looks into a list or a string, not int | "),
        ("X = 'a' in Maybe", "Maybe may be None: it is Optional[str] | compare with None first"),
        ("X = Text and Flag", "`and` takes conditions (bool or Rule), not str | write Text != ''"),
        ("X = Flag or Number", "`or` takes conditions (bool or Rule), not int | write Number != 0"),
        ("X = not Maybe", "`not` takes conditions (bool or Rule), not Optional[str] | write Maybe != None"),
        ("X = not Words", "`not` takes conditions (bool or Rule), not List[str] | write Words != []"),
        ("X = LabelAdd(entity=User, label='a') == None", "an effect cannot be compared | "),
    ],
)
def test_operators_refuse_what_they_have_no_sense_for(line, words):
    assert refused(line).startswith(words)


@pytest.mark.parametrize(
    "line",
    [
        "X = Perhaps != None and Perhaps > 3",
        "X = None != Perhaps and Perhaps > 3",
        "X = Perhaps == None or Perhaps > 3",
        "X = not (Perhaps == None) and Perhaps > 3",
        "X = not (Perhaps == None or Flag) and Perhaps > 3",
        "X = Flag and Perhaps != None and StringLength(s='a') + Perhaps > 3",
        "X = (Perhaps != None and Maybe != None) and StringLength(s=Maybe) > Perhaps",
        "X = Rule(when_all=[Perhaps != None, Perhaps > 3])",
        "X = (Perhaps == 3 or Perhaps != None) == True",
    ],
)
def test_a_comparison_with_none_tells_about_what_follows(line):
    assert type_of(line) in ("bool", "Rule")


@pytest.mark.parametrize(
    "line",
    [
        "X = Perhaps > 3 and Perhaps != None",
        "X = Perhaps == None and Perhaps > 3",
        "X = Perhaps != None or Perhaps > 3",
        "X = (Perhaps != None or Flag) and Perhaps > 3",
        "X = (Perhaps != None and Flag) == True and Perhaps > 3",
        "X = Maybe != None and Perhaps > 3",
        "X = [Perhaps != None, Perhaps > 3]",
    ],
)
def test_what_is_not_compared_may_still_be_none(line):
    assert refused(line).startswith("Perhaps may be None")


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("X = []", "List[Never]"),
        ("X = [1, 2.5]", "List[float]"),
        ("X = [Flag, Spam]", "List[bool]"),
        ("X: List[float] = [1, 2]", "List[float]"),
        ("X: List[Optional[int]] = [1, Perhaps]", "List[Optional[int]]"),
        ("X: List[str] = []", "List[str]"),
    ],
)
def test_a_list_has_one_type(line, type_):
    assert type_of(line) == type_


def test_a_list_of_two_types_is_refused_at_the_odd_one():
    assert refused("X = ['a', 'b', 3]").startswith("a list has items of one type: this is int, the first is str")


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("X = ResolveOptional(optional_value=Perhaps, default_value=0)", "int"),
        ("X = ResolveOptional(optional_value=Maybe)", "str"),
        ("X = ResolveOptional(optional_value=Number, default_value=2.5)", "float"),
        ("X = Pick(either=1, other=2.5)", "float"),
        ("X = Pick(either=2.5, other=1)", "float"),
        ("X = Pick(either=Perhaps, other=None)", "Optional[int]"),
        ("X = Entity(type='Post', id=Number)", "Entity[int]"),
        ("X = ListLength(list=[])", "int"),
        ("X = Average(of=[1, 2])", "float"),
    ],
)
def test_type_variables_are_what_the_arguments_make_of_them(line, type_):
    assert type_of(line) == type_


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X = Pick(either=1, other='a')", "Pick: the argument 'other' is int, not str"),
        ("X = ResolveOptional(optional_value=Perhaps, default_value='a')", "ResolveOptional: the argument 'default_"),
        ("_Whole = [1]\nX = Average(of=_Whole)", "Average: the argument 'of' is List[float], not List[int]"),
        ("X = StringLength(s=Number)", "StringLength: the argument 's' is str, not int"),
        (
            "X = StringLength(s=User)",
            "StringLength: the argument 's' is str, not Entity[str] | an entity is not its id",
        ),
        (
            "X = StringLength(s=Maybe)",
            "StringLength: the argument 's' is str, not Optional[str] | write ResolveOptional",
        ),
        ("X = Rule(when_all=Flag)", "Rule: the argument 'when_all' is List[bool], not bool"),
        ("X = Rule(when_all=[Number])", "Rule: the argument 'when_all' is List[bool], not List[int]"),
    ],
)
def test_arguments_have_the_type_of_their_parameter(line, words):
    assert refused(line).startswith(words)


@pytest.mark.parametrize(
    ("line", "type_"),
    [
        ("X: float = 1", "float"),
        ("X: int | None = Perhaps", "Optional[int]"),
        ("X: Union[str, int] = Text", "int | str"),
        ("X: Optional[Entity[int]] = EntityJson(type='Post', path='$.p')", "Optional[Entity[int]]"),
        ("X: List[List[int]] = JsonData(path='$.p')", "List[List[int]]"),
        ("X: Secret[Optional[str]] = JsonData(path='$.p')", "Optional[str]"),
        ("X: bool = Spam", "bool"),
        ("X: None = None", "None"),
    ],
)
def test_annotations_tell_a_type(line, type_):
    assert type_of(line) == type_


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("X: int = 'a'", "X is int, but this is str"),
        ("X: int = Perhaps", "X is int, but this is Optional[int]"),
        ("X: strr = 'a'", "unknown type 'strr' | did you mean 'str'?"),
        ("X: Dict[str, int] = JsonData(path='$.p')", "unknown type 'Dict' | types are str, int,"),
        ("X: List = JsonData(path='$.p')", "List needs the type that is in it | write List[str]"),
        ("X: str[int] = JsonData(path='$.p')", "str has no types in it | write str"),
        ("X: Optional[str, int] = JsonData(path='$.p')", "Optional takes one type, not 2"),
        ("X: Entity[float] = EntityJson(type='U', path='$.p')", "the id of an entity is a str or an int, not float"),
        ("X: Optional[Secret[str]] = JsonData(path='$.p')", "Secret[...] can only be the outermost of a type"),
        ("X: 'str' = JsonData(path='$.p')", "this is not a type"),
        ("X: str = EntityJson(type='U', path='$.p')", "X is str, but EntityJson(...) gives Entity[Any]"),
        ("X = JsonData(path='$.p')", "the type of JsonData(...) must be told | write X: str = JsonData(...)"),
        ("X = JsonData(path='$.p') == 1", "the type of JsonData(...) is not known here | write Name: str = JsonData("),
        ("JsonData(path='$.p')", "the type of JsonData(...) is not known here"),
    ],
)
def test_annotations_that_do_not_fit_are_refused(line, words):
    assert refused(line).startswith(words)
