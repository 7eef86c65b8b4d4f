"""What must hold in a platform document: each rule, broken once."""

import pytest

from tests.unit.engine.platform_values import harbour, problems


def only(source: str) -> tuple[str, str]:
    (problem,) = problems(source)
    return problem.path, problem.found


def queue(identity: str, rest: str) -> str:
    return f'\n[[queues]]\nid = "{identity}"\nname = "Q"\n{rest}\n'


def policy(identity: str, rest: str = "") -> str:
    return f'\n[[policies]]\nid = "{identity}"\nname = "P"\n{rest}\n'


def action(rest: str) -> str:
    return f'\n[[actions]]\nid = "new"\nname = "New"\ndestination = "harbour"\n{rest}\n'


def word_list(rest: str) -> str:
    return f'\n[[lists]]\nid = "new"\npolicy = "abuse"\n{rest}\n'


class TestIds:
    @pytest.mark.parametrize("identity", ["x", "x" * 128, "ünï/../?#&=<b>", "0b1f 7c", "80430d87718"])
    def test_may_be_anything_printable(self, identity):
        assert problems(harbour(add=policy(identity))) == []

    @pytest.mark.parametrize("identity", ["", "x" * 129])
    def test_have_a_length(self, identity):
        assert only(harbour(add=policy(identity)))[0] == "policies[3].id"

    def test_are_on_one_line(self):
        assert only(harbour(add=policy("a\\nb")))[0] == "policies[3].id"

    def test_are_unique_in_their_section(self):
        assert only(harbour(add=policy("abuse"))) == ("policies[3].id", '"abuse", as in policies[0]')

    def test_may_be_the_same_in_two_sections(self):
        assert problems(harbour(add=policy("harbour"))) == []


class TestTexts:
    @pytest.mark.parametrize("escape", ["\\u0000", "\\u001b", "\\u007f", "\\r"])
    def test_have_no_control_characters(self, escape):
        path, found = only(harbour(add=policy("p", f'text = "a{escape}b"')))
        assert path == "policies[3].text"
        assert "control character" in found

    def test_may_have_lines_and_tabs(self):
        assert problems(harbour(add=policy("p", 'text = "a\\n\\tb"'))) == []

    def test_names_are_not_blank(self):
        assert only(harbour('name = "Abuse"', 'name = " "'))[0] == "policies[0].name"

    @pytest.mark.parametrize(("tag", "good"), [("en", True), ("pt-BR", True), ("", False), ("english language", False)])
    def test_the_language_is_a_tag(self, tag, good):
        found = problems(f'name = "x"\nlanguage = "{tag}"')
        assert [problem.path for problem in found] == ([] if good else ["language"])


class TestReferences:
    @pytest.mark.parametrize(
        ("find", "replace", "path"),
        [
            ('default_item_type = "post"', 'default_item_type = "pst"', "default_item_type"),
            ('name = "Harbour"', 'name = "Harbour"\nappeal_destination = "x"', "appeal_destination"),
            ('parent = "abuse"', 'parent = "x"', "policies[1].parent"),
            ('undo = "show"', 'undo = "x"', "actions[0].undo"),
            ('undo = "show"', 'undo = "show"\napplies_to = ["post", "x"]', "actions[0].applies_to[1]"),
            ('destination = "harbour"', 'destination = "x"', "actions[0].destination"),
            ('item_types = ["post"]', 'item_types = ["x"]', "queues[1].item_types[0]"),
            ('item_types = ["post"]', 'policies = ["x"]', "queues[1].policies[0]"),
            ('policy = "abuse"', 'policy = "x"', "lists[0].policy"),
        ],
    )
    def test_name_what_is_there(self, find, replace, path):
        assert only(harbour(find, replace))[0] == path


class TestItemTypes:
    def test_a_thread_role_requires_a_created_at_role(self):
        assert only(harbour(', role = "created_at"', ""))[0] == "item_types[0].fields"

    def test_a_role_is_used_once(self):
        field = '{ name = "sent", type = "DATETIME", role = "created_at" },'
        source = harbour(field, field + "\n" + field.replace("sent", "seen"))
        assert only(source) == ("item_types[0].fields[3].role", '"created_at" again')

    def test_a_role_fits_its_type(self):
        assert only(harbour('"DATETIME"', '"STRING"')) == ("item_types[0].fields[2].type", "STRING")

    def test_a_role_fits_the_kind_of_its_item_type(self):
        path, found = only(harbour('role = "creator"', 'role = "icon"').replace("RELATED_ITEM", "IMAGE", 1))
        assert (path, found) == ("item_types[0].fields[1].role", '"icon"')

    def test_a_role_is_a_single_value(self):
        source = harbour('role = "creator"', 'role = "creator", container = "ARRAY"')
        assert only(source)[0] == "item_types[0].fields[1].container"

    def test_a_field_is_there_once(self):
        assert only(harbour('name = "author"', 'name = "text"')) == ("item_types[0].fields[1].name", '"text" again')

    def test_names_are_unique_because_the_content_route_uses_them(self):
        assert only(harbour('name = "Account"', 'name = "Post"'))[0] == "item_types[1].name"


class TestPolicies:
    def test_a_circle_is_told_once_with_its_way(self):
        source = harbour('name = "Abuse"', 'name = "Abuse"\nparent = "harassment"')
        assert only(source) == ("policies[0].parent", 'the circle "abuse" → "harassment" → "abuse"')

    def test_a_policy_is_not_its_own_parent(self):
        assert only(harbour('parent = "abuse"', 'parent = "harassment"'))[0] == "policies[1].parent"

    @pytest.mark.parametrize("harm", ["0", "-1", "inf", "nan"])
    def test_harm_is_a_number_above_zero(self, harm):
        assert only(harbour("harm = 8", f"harm = {harm}"))[0] == "policies[1].harm"

    def test_a_category_without_its_prefix_is_understood(self):
        (problem,) = problems(harbour('"STATEMENT_CATEGORY_CYBER_VIOLENCE"', '"CYBER_VIOLENCE"'))
        assert problem.meant == "STATEMENT_CATEGORY_CYBER_VIOLENCE"

    def test_what_is_below_child_safety_is_child_safety(self):
        assert only(harbour(add=policy("p", 'parent = "children"')))[0] == "policies[3].child_safety"

    def test_what_holds_is_an_action_that_is_there(self):
        assert only(harbour(add=policy("p", 'hold = "hidden"')))[0] == "policies[3].hold"

    @pytest.mark.parametrize(
        ("rest", "found"),
        [
            ("", "which cannot be taken back"),
            ('undo = "show"\nretired = true', "retired"),
            ('undo = "show"\ntwo_person = true', "which takes two people"),
            ('undo = "show"\nparameters = [{ name = "why", type = "STRING", required = true }]', "which needs"),
        ],
    )
    def test_what_holds_can_be_taken_back_and_needs_nobody(self, rest, found):
        place, told = only(harbour(add=action(rest) + policy("p", 'hold = "new"')))
        assert place == "policies[3].hold"
        assert found in told

    def test_a_policy_may_be_held_by_an_action_with_an_undo(self):
        assert problems(harbour(add=policy("p", 'hold = "hide"\nrules_may = "act"'))) == []

    def test_a_very_deep_tree_is_no_trouble(self):
        chain = "".join(policy(f"p{n}", f'parent = "p{n - 1}"' if n else "") for n in range(2000))
        assert problems(harbour(add=chain)) == []


class TestActions:
    @pytest.mark.parametrize("key", ["B", "bb", "1", "", "é", "ß"])
    def test_a_key_is_one_letter(self, key):
        assert only(harbour('key = "b"', f'key = "{key}"'))[0] == "actions[0].key"

    def test_a_key_of_the_console_is_not_free(self):
        (problem,) = problems(harbour('key = "b"', 'key = "u"'))
        assert (problem.path, problem.expected) == ("actions[0].key", "one of the free letters abcefilmpqtvwyz")

    def test_no_two_actions_share_a_key(self):
        assert only(harbour(add=action('key = "b"'))) == ("actions[2].key", '"b", which is the key of "hide"')

    def test_a_retired_action_frees_its_key(self):
        assert problems(harbour(add=action('key = "b"\nretired = true'))) == []

    def test_an_action_is_not_its_own_undo(self):
        assert only(harbour('undo = "show"', 'undo = "hide"')) == ("actions[0].undo", "the action itself")

    def test_an_undo_may_be_undone_by_what_it_undoes(self):
        assert problems(harbour('name = "Show again"', 'name = "Show again"\nundo = "hide"')) == []

    def test_two_actions_may_share_an_undo_that_is_undone_by_one_of_them(self):
        source = harbour('name = "Show again"', 'name = "Show again"\nundo = "hide"', add=action('undo = "show"'))
        assert problems(source) == []

    def test_an_undo_is_not_undone_by_something_else(self):
        source = harbour('name = "Show again"', 'name = "Show again"\nundo = "new"', add=action(""))
        assert only(source)[0] == "actions[0].undo"

    def test_an_undo_reaches_all_that_the_action_reaches(self):
        source = harbour('name = "Show again"', 'name = "Show again"\napplies_to = ["post"]')
        assert only(source)[0] == "actions[0].undo"

    @pytest.mark.parametrize(
        ("parameter", "path"),
        [
            ('{ name = "", type = "STRING" }', "name"),
            ('{ name = "a", type = "SELECT" }', "options"),
            ('{ name = "a", type = "STRING", options = ["x"] }', "options"),
            ('{ name = "a", type = "SELECT", options = ["x", "x"] }', "options"),
            ('{ name = "a", type = "SELECT", options = ["x", ""] }', "options"),
            ('{ name = "a", type = "STRING", default = 1 }', "default"),
            ('{ name = "a", type = "NUMBER", default = "1" }', "default"),
            ('{ name = "a", type = "NUMBER", default = nan }', "default"),
            ('{ name = "a", type = "BOOLEAN", default = 1 }', "default"),
            ('{ name = "a", type = "SELECT", options = ["x"], default = "y" }', "default"),
            ('{ name = "a", type = "MULTISELECT", options = ["x"], default = ["y"] }', "default"),
        ],
    )
    def test_a_parameter_makes_sense(self, parameter, path):
        assert only(harbour(add=action(f"parameters = [{parameter}]")))[0] == f"actions[2].parameters[0].{path}"

    def test_parameters_that_make_sense_are_taken(self):
        good = """parameters = [
          { name = "days", type = "NUMBER", default = 7, required = true },
          { name = "note", type = "STRING", default = "" },
          { name = "loud", type = "BOOLEAN", default = false },
          { name = "why", type = "SELECT", options = ["a", "b"], default = "a" },
          { name = "all", type = "MULTISELECT", options = ["a", "b"], default = [] },
        ]"""
        assert problems(harbour(add=action(good))) == []

    def test_a_parameter_is_there_once(self):
        twice = 'parameters = [{ name = "a", type = "STRING" }, { name = "a", type = "STRING" }]'
        assert only(harbour(add=action(twice)))[0] == "actions[2].parameters[1].name"


class TestDestinations:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "harbour.example/hook",
            "/hook",
            "//harbour.example",
            "ftp://harbour.example",
            "https://",
            "https://user:secret@harbour.example",
            "https://harbour.example:99999",
            "https://harbour.example:0",
            "https://harbour.example/a b",
            "https://hárbour.example",
            "https://[::1",
            "https://harbour.example/#a",
            "javascript:alert(1)",
        ],
    )
    def test_an_address_is_absolute_and_carries_no_secret(self, url):
        assert only(harbour('"https://harbour.example/hook"', f'"{url}"'))[0] == "destinations[0].url"

    @pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "https://[2001:db8::1]/x?y=1", "https://a.example"])
    def test_good_addresses_are_taken(self, url):
        assert problems(harbour('"https://harbour.example/hook"', f'"{url}"')) == []

    @pytest.mark.parametrize("seconds", ["0", "-1", "61", "nan", "inf"])
    def test_a_receiver_has_some_time_but_not_for_ever(self, seconds):
        source = harbour('/hook"', f'/hook"\ntimeout_seconds = {seconds}')
        assert only(source)[0] == "destinations[0].timeout_seconds"

    @pytest.mark.parametrize(
        "header", ['"a b" = "x"', 'Host = "x"', 'webhook-id = "x"', 'X-A = "é"', 'Content-Type = "text/plain"']
    )
    def test_headers_can_be_sent_and_are_not_the_desks_own(self, header):
        path, _ = only(harbour('/hook"', f'/hook"\nheaders = {{ {header} }}'))
        assert path.startswith("destinations[0].headers.")

    def test_the_address_of_partial_items_is_checked_too(self):
        assert only('name = "x"\npartial_items_url = "x"')[0] == "partial_items_url"

    def test_the_headers_of_partial_items_are_checked_too(self):
        source = 'name = "x"\npartial_items_headers = { Host = "x" }'
        assert only(source)[0] == "partial_items_headers.Host"

    def test_no_destination_has_the_id_that_stands_for_the_address_of_partial_items(self):
        source = 'name = "x"\ndestinations = [{ id = "partial_items", url = "https://a.example" }]'
        assert only(source) == ("destinations[0].id", '"partial_items"')


class TestQueues:
    def test_somebody_works_in_each(self):
        assert only(harbour(add=queue("q", "roles = []")))[0] == "queues[2].roles"

    def test_the_default_queue_takes_the_rest_and_cannot_choose(self):
        assert only(harbour(add=queue("default", 'item_types = ["post"]')))[0] == "queues[2].item_types"

    def test_a_queue_that_names_child_safety_is_not_open_to_other_roles(self):
        source = harbour('roles = ["child_safety"]', 'roles = ["child_safety", "moderator"]')
        assert only(source) == ("queues[0].roles", "child_safety, moderator")

    def test_the_queue_that_takes_the_rest_of_child_safety_is_not_open_to_other_roles(self):
        assert only(harbour(add=queue("child_safety", "")))[0] == "queues[2].roles"

    def test_child_safety_needs_no_queue_of_its_own(self):
        assert problems('name = "x"' + policy("c", "child_safety = true")) == []


class TestLists:
    @pytest.mark.parametrize("probability", ["-0.1", "1.1", "nan"])
    def test_a_probability_is_one(self, probability):
        source = harbour(add=word_list(f'kind = "keyword"\nterms = ["x"]\nprobability = {probability}'))
        assert only(source)[0] == "lists[1].probability"

    def test_there_are_terms(self):
        assert only(harbour(add=word_list('kind = "keyword"\nterms = []')))[0] == "lists[1].terms"

    @pytest.mark.parametrize(
        ("kind", "term"),
        [
            ("keyword", ""),
            ("keyword", " "),
            ("keyword", "..."),
            ("regex", "("),
            ("regex", "a*"),
            ("regex", "(?=look)ahead"),
            ("regex", "(a)\\\\1"),
            ("regex", "((((a{9}){9}){9}){9})"),
            ("domain", "https://shop.example"),
            ("domain", "shop"),
            ("domain", "*.shop.example"),
            ("domain", "shop.example/path"),
            ("domain", "-shop.example"),
        ],
    )
    def test_a_term_that_cannot_be_looked_for_is_refused(self, kind, term):
        source = harbour(add=word_list(f'kind = "{kind}"\nterms = ["fine.example", "{term}"]'))
        assert only(source)[0] == "lists[1].terms[1]"

    @pytest.mark.parametrize(
        ("kind", "term"),
        [("keyword", "Gratis Geld"), ("keyword", "免费"), ("regex", "(?i)b+uy now"), ("domain", "bücher.example")],
    )
    def test_a_term_that_can_be_looked_for_is_taken(self, kind, term):
        assert problems(harbour(add=word_list(f'kind = "{kind}"\nterms = ["{term}"]'))) == []

    def test_a_term_is_there_once(self):
        assert only(harbour(add=word_list('kind = "keyword"\nterms = ["a", "a"]')))[0] == "lists[1].terms[1]"

    def test_a_list_does_not_speak_for_a_retired_policy(self):
        source = harbour('policy = "abuse"', 'policy = "old"', add=policy("old", "retired = true"))
        assert only(source)[0] == "lists[0].policy"


class TestDuty:
    @pytest.mark.parametrize("key", ["looks_a_day", "clear_seconds_a_day", "pause_minutes"])
    def test_limits_of_a_policy_are_0_or_more(self, key):
        assert problems(harbour(add=policy("p", f"{key} = 20"))) == []
        assert only(harbour(add=policy("p", f"{key} = -1"))) == (f"policies[3].{key}", "-1.0")
        assert only(harbour(add=policy("p", f"{key} = nan")))[0] == f"policies[3].{key}"

    @pytest.mark.parametrize("line", ["pages_a_night = -1", "in_a_row = -2", "page_again_minutes = 0"])
    def test_limits_of_the_platform_mean_something(self, line):
        assert only(f"{line}\n{harbour()}")[0] == line.partition(" ")[0]
        assert problems(f"pages_a_night = 0\npage_again_minutes = 1\n{harbour()}") == []

    def test_a_rule_pages_once(self):
        assert only(f'page_rules = ["Threat", "Threat"]\n{harbour()}') == ("page_rules", '"Threat" twice')


class TestClusters:
    def test_people_decide_each_case_of_child_safety(self):
        found = only(harbour(add=policy("p", 'child_safety = true\nlike_decided = "decide"')))
        assert found == ("policies[3].like_decided", '"decide"')
        assert problems(harbour(add=policy("p", 'alike = "link"\nlike_decided = "decide"'))) == []


class TestHolds:
    @pytest.mark.parametrize(
        "line", ["hold_limit = 0.6", "hold_limit = -0.1", "hold_budget = 1.5", "hold_hours = 0", "hold_hours = 1000"]
    )
    def test_shares_and_hours_mean_something(self, line):
        key = line.partition(" ")[0]
        assert only(harbour(add=policy("p", line)))[0] == f"policies[3].{key}"

    def test_what_all_policies_may_hold_together_is_a_share(self):
        assert only(f"hold_budget = 1.5\n{harbour()}")[0] == "hold_budget"
        assert problems(f"hold_budget = 0.02\n{harbour()}") == []

    def test_what_is_held_by_licence_is_held_by_an_action(self):
        pair = '\n[[actions]]\nid = "stays"\nname = "New"\ndestination = "harbour"\n'
        pair += pair.replace("stays", "goes") + 'undo = "stays"\n'
        assert only(harbour(add=policy("p", "hold_limit = 0.05")))[0] == "policies[3].hold_limit"
        assert problems(harbour(add=policy("p", 'hold_limit = 0.05\nhold = "goes"') + pair)) == []


class TestSecondLooks:
    @pytest.mark.parametrize("line", ["second_looks = 1.5", "second_looks = -0.1", "second_looks = nan"])
    def test_the_share_is_one(self, line):
        assert only(harbour(add=policy("p", line)))[0] == "policies[3].second_looks"

    @pytest.mark.parametrize("line", ["repeat_days = 0", "repeat_days = 1000", "repeat_days = nan"])
    def test_a_case_comes_again_when_nobody_remembers_it_and_somebody_is_still_there(self, line):
        assert only(f"{line}\n{harbour()}")[0] == "repeat_days"

    def test_both_may_be_set(self):
        assert problems("repeat_days = 30\n" + harbour(add=policy("p", "second_looks = 0.1"))) == []
