"""All built-in functions: their names, signatures and docstrings."""

import pytest

from evenhand.engine.rules.function import REQUIRED
from evenhand.engine.rules.functions import BUILT_IN, FAMILIES

SIGNATURES = {
    "Import": "rules", "Require": "rule, require_if=True", "Rule": "when_all, description=''",
    "WhenRules": "rules_any, then", "JsonData": "path, required=True, coerce_type=True", "GetActionName": "",
    "GetActionId": "", "LabelAdd": "entity, label, delay_action_by=None, apply_if=None, expires_after=None",
    "LabelRemove": "entity, label, delay_action_by=None, apply_if=None, expires_after=None",
    "HasLabel": "entity, label, manual=None, status='added', min_label_age=None, error_on_empty=False",
    "DeclareVerdict": "verdict", "Experiment": "entity, buckets, bucket_sizes, version, revision, name=''",
    "ExperimentsBucketAssignment": "entity, buckets, bucket_sizes, version, revision, name=''",
    "ExperimentWhen": "experiment, bucket",
    "ResolveOptional": "optional_value, default_value=None, should_report_error=False", "ListLength": "list",
    "ListRead": "list, index=0", "ListSort": "list, reverse=False", "Entity": "type, id",
    "EntityJson": "type, path, required=True, coerce_type=True", "ParseInt": "s", "StringLength": "s",
    "StringToLower": "s", "StringToUpper": "s", "StringStartsWith": "s, start", "StringEndsWith": "s, end",
    "StringStrip": "s, chars=None", "StringRStrip": "s, chars=None", "StringLStrip": "s, chars=None",
    "StringReplace": "s, old, new", "StringJoin": "s, iterable", "StringSplit": "s, sep=None, maxsplit=-1",
    "StringSlice": "s, start, end",
    "StringClean": "s, form='NFKC', remove_emoji=False, space=True, l33t=False, homoglyph=True, unicode_normalize=True,"
    " unidecode=False, upper=False, lower=False, remove_space=False, remove_punctuation=False",
    "StringExtractDomains": "s", "StringExtractURLs": "s", "RegexMatch": "pattern, target, case_insensitive=False",
    "RegexMatchMap": "pattern, target, mode='any', case_insensitive=False",
    "CountRegexMatches": "patterns, target, case_insensitive=False", "Base64Encode": "input", "Base64Decode": "input",
    "HashMd5": "input", "HashSha1": "input", "HashSha256": "input", "HashSha512": "input",
    "TimeDelta": "weeks=0, days=0, hours=0, minutes=0, seconds=0", "TimeSince": "timestamp",
    "GetTimedeltaBucket": "x, granularity_seconds", "GetTimestampBucket": "x, granularity_seconds",
    "GetSnowflakeBucket": "x, granularity_seconds", "IpNetwork": "ip", "DomainTld": "domain",
    "DomainChopper": "urls, fld=False", "EmailDomain": "email", "EmailSubdomain": "email", "EmailLocalPart": "email",
    "MXLookup": "domain", "PhoneCountry": "phone_number", "PhonePrefix": "phone_number", "ExtractCookie": "header, key",
    "RandomBool": "percentage, name=''", "RandomInt": "start, end, name=''", "TextContains": "text, phrase",
    "BanUser": "entity, comment", "IncrementWindow": "key, window_seconds, when_all",
    "StringContains": "s, phrase, substrings=False, case_sensitive=False", "ListContains": "list, phrases",
    "CensorizedListContains": "list, phrases, plurals=False", "SimpleListContains": "cache_name, list, phrases",
    "ForceString": "s", "Tokenize": "s", "CleanString": "s", "ExtractDomains": "s", "ExtractEmoji": "s",
    "ExtractListDomains": "list", "ConcatStringLists": "lists", "DidFromUri": "uri", "LinksFromFacets": "",
    "MentionsFromFacets": "", "TagsFromFacets": "",
    "AtprotoLabel": "entity, label, comment, expiration_in_hours=None", "AtprotoList": "did, list_uri",
    "Enqueue": "policy, probability=0.5, note=None", "Hold": "policy, hours=24.0", "Act": "action, policy",
}  # fmt: skip
OWN = {
    "Count",
    "CountDistinct",
    "Rate",
    "Surge",
    "FirstSeen",
    "SecondsSinceFirstSeen",
    "NormalizedListContains",
    "ListFind",
}
FORMS = {
    "Import", "Require", "Rule", "WhenRules", "JsonData", "EntityJson", "Entity", "GetActionName", "GetActionId",
    "ResolveOptional",
}  # fmt: skip


def parameters(function):
    return ", ".join(
        one.name if one.default is REQUIRED else f"{one.name}={one.default!r}" for one in function.parameters
    )


def test_rules_written_elsewhere_find_every_function_by_the_names_they_know():
    assert {name: parameters(BUILT_IN[name]) for name in SIGNATURES} == SIGNATURES


def test_there_is_no_function_that_this_page_does_not_know():
    assert set(BUILT_IN) == set(SIGNATURES) | OWN


def test_no_family_takes_a_name_from_another():
    assert sum(len(family.functions) for family in FAMILIES.values()) == len(BUILT_IN)


@pytest.mark.parametrize("function", BUILT_IN.values(), ids=list(BUILT_IN))
def test_every_function_says_what_it_is_for(function):
    summary, *_ = function.doc.split("\n\n")
    assert summary[0].isupper()
    assert summary.rstrip().endswith(".")


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_is_never_called(name):
    function = BUILT_IN[name]
    with pytest.raises(AssertionError, match="by the compiler"):
        function.call(*[None] * len(function.parameters))


def test_only_the_compilers_own_functions_are_forms():
    assert {name for name, function in BUILT_IN.items() if function.form} == FORMS


def test_what_reads_state_or_chance_is_not_pure():
    impure = {name for name, function in BUILT_IN.items() if not function.pure}
    assert impure == {
        "HasLabel", "IncrementWindow", "Count", "CountDistinct", "Rate", "Surge", "FirstSeen", "SecondsSinceFirstSeen",
        "MXLookup", "RandomBool", "RandomInt",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "constants"),
    [
        ("RegexMatch", ["pattern"]),
        ("CountRegexMatches", ["patterns"]),
        ("LabelAdd", ["label"]),
        ("ListContains", ["list"]),
        ("Count", ["counter"]),
        ("Import", ["rules"]),
        ("Act", ["action", "policy"]),
    ],
)
def test_what_must_be_written_out_is_marked(name, constants):
    assert [one.name for one in BUILT_IN[name].parameters if one.constant] == constants
