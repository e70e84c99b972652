"""Faults F01 to F44 (docs/faults.md) that the shipped app is put through here, one by one, against the real server."""

import pytest

from tests.harness import soak


@pytest.fixture(scope="module")
def world():
    with soak.world() as made:
        yield made


@pytest.fixture
def played(world, request):
    """What came of the fault that the test is named after."""
    name = request.function.__name__.split("_")[1]
    [told] = soak.run(world, [1], fault=name, traces=True)
    assert told["saves"] > 0, "nothing was saved, so nothing was shown"
    return told["broken"]


def test_f01_a_request_that_is_lost_is_sent_again_by_itself(played):
    assert played == []


def test_f02_an_answer_that_is_lost_brings_a_duplicate_and_one_row(played):
    assert played == []


def test_f03_an_answer_that_is_cut_acknowledges_nothing(played):
    assert played == []


def test_f04_a_captive_portal_and_a_redirect_acknowledge_nothing(played):
    assert played == []


def test_f05_an_earlier_answer_acknowledges_nothing(played):
    assert played == []


def test_f06_two_hours_of_503_are_waited_out(played):
    assert played == []


def test_f07_retry_after_is_obeyed(played):
    assert played == []


def test_f08_a_slow_and_leaky_line_gets_everything_there_once(played):
    assert played == []


def test_f13_signed_out_for_fourteen_days_keeps_everything(played):
    assert played == []


def test_f15_the_next_person_neither_sees_nor_sends_what_waits(played):
    assert played == []


def test_f16_leaving_says_what_is_not_sent_and_removes_nothing_without_a_network(played):
    assert played == []


def test_f17_two_phones_change_one_entry_offline(played):
    assert played == []


def test_f18_changed_on_one_phone_and_removed_on_the_other(played):
    assert played == []


def test_f19_two_tabs_save_the_same_entry_at_once(played):
    assert played == []


def test_f20_what_a_tab_saved_before_it_was_killed_is_sent_by_another(played):
    assert played == []


def test_f21_another_tab_takes_over_from_one_killed_while_sending(played):
    assert played == []


def test_f22_what_is_saved_while_another_is_on_its_way_is_sent_too(played):
    assert played == []


def test_f24_killed_between_saved_and_sent(played):
    assert played == []


def test_f25_the_battery_goes_right_after_saved(played):
    assert played == []


def test_f26_a_full_phone_says_so_and_keeps_the_text(played):
    assert played == []


def test_f28_cleared_with_nothing_unsent_everything_comes_back(played):
    assert played == []


def test_f31_a_database_that_does_not_open_for_a_while_is_not_wiped(played):
    assert played == []


def test_f33_an_upgrade_killed_at_every_step_goes_on(played):
    assert played == []


def test_f34_an_upgrade_held_up_by_an_old_tab_is_said_and_then_goes_on(played):
    assert played == []


def test_f38_a_clock_ten_years_out_that_jumps_during_a_save(played):
    assert played == []


def test_f42_a_restored_server_gets_back_what_phones_hold(played):
    assert played == []


def test_f42b_a_phone_that_only_pulled_what_the_copy_lacks_brings_it_back(played):
    assert played == []


def test_f42c_what_was_done_of_work_the_copy_lacks_is_put_aside_and_asked_for_no_more(played):
    assert played == []


def test_f44_a_phone_put_onto_another_from_its_backup(played):
    assert played == []


def test_f25b_a_battery_that_goes_flat_while_its_token_changes_signs_nobody_out(played):
    assert played == []


def test_f44b_a_sign_in_used_on_two_phones_ends_both_and_wipes_nothing(played):
    assert played == []
