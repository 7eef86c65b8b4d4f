"""Addresses of the console."""

from __future__ import annotations

from django.urls import path

from evenhand.desk.web.views import case, deciding, item, marking, media, queue, search, status
from evenhand.desk.web.views.banks import bank, entry, joining
from evenhand.desk.web.views.banks import overview as banks_overview
from evenhand.desk.web.views.duty import exposure, hours, morning, night
from evenhand.desk.web.views.rules import editor, query, rule
from evenhand.desk.web.views.rules import overview as rules_overview

app_name = "web"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("queue/new/", queue.new, name="new"),
    path("queue/start/", queue.start, name="start"),
    path("cases/<int:case_id>/", case.show, name="case"),
    path("cases/<int:case_id>/decide/", deciding.decide, name="decide"),
    path("cases/<int:case_id>/skip/", case.skip, name="skip"),
    path("cases/<int:case_id>/take/", case.take, name="take"),
    path("cases/<int:case_id>/note/", case.note, name="note"),
    path("cases/<int:case_id>/media/", media.open_, name="open_media"),
    path("cases/<int:case_id>/release/", marking.release, name="release_hold"),
    path("cases/<int:case_id>/label/", marking.label, name="label"),
    path("cases/<int:case_id>/part/", deciding.part, name="part"),
    path("batches/<slug:uid>/", deciding.progress, name="batch"),
    path("batches/<slug:uid>/undo/", deciding.undo_batch, name="undo_batch"),
    path("decisions/<slug:uid>/undo/", deciding.undo, name="undo"),
    path("decisions/<slug:uid>/second/", deciding.second, name="second"),
    path("media/hear/", media.hear, name="hear_media"),
    path("media/<int:view_id>/", media.show, name="media"),
    path("media/<int:view_id>/close/", media.close, name="close_media"),
    path("media/<int:view_id>/stills/", media.stills, name="stills"),
    path("media/<int:view_id>/clear/", media.clear, name="clear_media"),
    path("hours/", hours.hours, name="hours"),
    path("hours/once/", hours.add_change, name="add_change"),
    path("hours/once/<int:change_id>/", hours.drop_change, name="drop_change"),
    path("hours/ways/", hours.set_ways, name="set_ways"),
    path("hours/ways/test/", hours.test, name="test_ways"),
    path("night/", night.night, name="night"),
    path("night/end/", night.end, name="end_night"),
    path("night/alarms/<int:alarm_id>/", night.acknowledge, name="acknowledge"),
    path("page/<str:word>/", night.link, name="page_link"),
    path("morning/", morning.morning, name="morning"),
    path("morning/<int:hold_id>/confirm/", morning.confirm, name="confirm_hold"),
    path("morning/<int:hold_id>/release/", morning.release, name="free_hold"),
    path("exposure/", exposure.exposure, name="exposure"),
    path("exposure/more/", exposure.more, name="more_exposure"),
    path("items/", item.item, name="item"),
    path("banks/", banks_overview.banks, name="banks"),
    path("banks/-/lists/", banks_overview.lists, name="lists"),
    path("banks/-/new/", joining.new_bank, name="new_bank"),
    path("banks/-/lists/-/new/", joining.new_list, name="new_list"),
    path("banks/-/lists/<str:name>/end/", joining.end_list, name="end_list"),
    path("banks/-/lists/<str:name>/going/", joining.going, name="going"),
    path("banks/-/lists/<str:name>/progress/", joining.progress, name="list_progress"),
    path("banks/-/lists/<str:name>/", banks_overview.change_list, name="change_list"),
    path("banks/-/waiting/", banks_overview.looks, name="looks"),
    path("banks/-/waiting/retry/", banks_overview.retry_all, name="retry_looks"),
    path("banks/-/waiting/<int:look_id>/retry/", banks_overview.retry, name="retry_look"),
    path("banks/-/entries/<int:entry_id>/", entry.entry, name="entry"),
    path("banks/-/entries/<int:entry_id>/change/", entry.change_entry, name="change_entry"),
    path("banks/-/entries/<int:entry_id>/tell/", entry.tell, name="tell"),
    path("banks/-/matches/<int:match_id>/", entry.match, name="match"),
    path("banks/<str:name>/", bank.bank, name="bank"),
    path("banks/<str:name>/change/", bank.change, name="change_bank"),
    path("banks/<str:name>/hash/", bank.add_hash, name="add_hash"),
    path("banks/<str:name>/file/", bank.add_file, name="add_file"),
    path("rules/", rules_overview.index, name="rules"),
    path("rules/-/edit/", editor.edit, name="rule_editor"),
    path("rules/-/edit/check/", editor.check, name="check_rules"),
    path("rules/-/edit/try/", editor.try_, name="try_rules"),
    path("rules/-/query/", query.ask, name="rule_query"),
    path("rules/-/query/save/", query.save, name="save_query"),
    path("rules/-/query/<int:number>/forget/", query.forget, name="forget_query"),
    path("rules/<str:name>/", rule.rule, name="rule"),
    path("rules/<str:name>/move/", rule.move, name="move_rule"),
    path("rules/versions/<int:number>/", rule.version_of_old, name="old_version"),
    path("search/", search.search, name="search"),
    path("status/", status.status, name="status"),
    path("status/parked/<str:event_id>/", status.refold, name="refold"),
]
