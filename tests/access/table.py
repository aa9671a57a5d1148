"""Who gets what at every address: the declaration that the access test holds the product to.

One line per address: its name, the answers to GET, the answers to POST (an empty form), one sign per person in the
order of
`tests.access.world.PEOPLE`, on a record of the county Yunling. The last three are strangers: the officer and a branch
secretary of another county, and somebody who has not signed in.

    2 shown (200)   3 led elsewhere (302)   F refused with a sentence (403)   4 not found (404): out of scope
    5 wrong method (405)   0 incomplete (400, the API)   1 not signed in (401, the API)

The people, left to right: county officer, leader, chain secretary, team member, department officer, branch secretary,
auditor, system administrator | stranger officer, stranger secretary, signed-out person.

A new address without a line here fails the test, and so does a line without an address.
"""

TABLE = """
core:healthz                       22222222|222  55555555|555
core:readyz                        22222222|222  55555555|555
core:calendar                      222222F2|223  555555F5|553
core:calendar_day                  2FFFFFF2|2F3  2FFFFFF2|2F3
core:calendar_import               FFFFFFF2|FF3  FFFFFFF2|FF3
core:calendar_template             FFFFFFF2|FF3  555555F5|553
core:preferences                   55555555|555  33333333|333
accounts:sign_in                   33333333|332  22222222|222
accounts:sign_out                  55555555|553  33333333|333
accounts:resume                    55555555|553  33333333|333
accounts:draft                     22222222|223  22222222|223
accounts:password_change           22222222|223  22222222|223
accounts:user_list                 FFFFFFF2|FF3  55555555|553
accounts:user_create               FFFFFFF2|FF3  FFFFFFF2|FF3
accounts:user_detail               FFFFFFF2|FF3  55555555|553
accounts:user_edit                 FFFFFFF2|FF3  FFFFFFF2|FF3
accounts:user_disable              FFFFFFF2|FF3  FFFFFFF3|FF3
accounts:user_enable               FFFFFFF2|FF3  FFFFFFF3|FF3
accounts:user_reset_password       FFFFFFF2|FF3  FFFFFFF3|FF3
accounts:post_give                 FFFFFFF2|FF3  FFFFFFF2|FF3
accounts:post_end                  FFFFFFF2|FF3  FFFFFFF2|FF3
accounts:deputy_list               2FFFFFF2|2F3  55555555|553
accounts:deputy_create             2FFFFFF2|4F3  2FFFFFF2|4F3
accounts:deputy_end                2FFFFFF2|4F3  3FFFFFF3|4F3
accounts:handover                  244444FF|443  244444FF|443
accounts:handover_file_download    244444FF|443  55555555|553
dashboards:home                    33333333|333  55555555|553
dashboards:cockpit                 224444FF|443  555555FF|553
alliances:region_tree              222222F2|223  555555F5|553
alliances:region_export            222222F2|223  555555F5|553
alliances:region_create            2FFFFFF2|2F3  2FFFFFF2|2F3
alliances:region_detail            222224F2|443  555555F5|553
alliances:region_edit              2FFFF4F2|443  2FFFF4F2|443
alliances:department_list          222222F2|223  555555F5|553
alliances:department_export        222222F2|223  555555F5|553
alliances:department_create        2FFFFFF2|2F3  2FFFFFF2|2F3
alliances:department_edit          2F44F4F2|443  2F44F4F2|443
alliances:department_detail        224424F2|443  555555F5|553
alliances:alliance_list            222222FF|223  555555FF|553
alliances:alliance_export          222222FF|223  555555FF|553
alliances:alliance_create          2FFFFFFF|2F3  2FFFFFFF|2F3
alliances:alliance_edit            2FF444FF|443  2FF444FF|443
alliances:alliance_detail          222444FF|443  555555FF|553
alliances:team_list                222222FF|223  555555FF|553
alliances:team_export              222222FF|223  555555FF|553
alliances:team_create              2FFFFFFF|2F3  2FFFFFFF|2F3
alliances:team_edit                2F4F44FF|443  2F4F44FF|443
alliances:team_detail              224244FF|443  555555FF|553
problems:team_list                 222222FF|223  555555FF|553
alliances:member_create            2F4F44FF|443  2F4F44FF|443
alliances:member_end               2F4F44FF|443  2F4F44FF|443
chains:chain_list                  222222FF|223  555555FF|553
chains:chain_export                222222FF|223  555555FF|553
chains:chain_create                2FFFFFFF|2F3  2FFFFFFF|2F3
chains:chain_edit                  2FF444FF|443  2FF444FF|443
chains:chain_detail                222444FF|443  555555FF|553
chains:segment_create              2FF444FF|443  2FF444FF|443
chains:segment_edit                2FF444FF|443  2FF444FF|443
chains:segment_delete              555555FF|553  3FF444FF|443
chains:link_create                 2FF444FF|443  2FF444FF|443
chains:link_edit                   2FF444FF|443  2FF444FF|443
chains:link_delete                 555555FF|553  3FF444FF|443
chains:committee_list              222222FF|223  555555FF|553
chains:committee_export            222222FF|223  555555FF|553
chains:committee_create            2FFFFFFF|2F3  2FFFFFFF|2F3
chains:committee_edit              2FF444FF|443  2FF444FF|443
chains:committee_detail            222444FF|443  555555FF|553
chains:seat_create                 2FF444FF|443  2FF444FF|443
chains:seat_edit                   2FF444FF|443  2FF444FF|443
enterprises:enterprise_list        222222FF|223  555555FF|553
enterprises:enterprise_export      222222FF|223  555555FF|553
enterprises:enterprise_create      2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:enterprise_edit        2F244FFF|443  2F244FFF|443
enterprises:enterprise_detail      222442FF|443  555555FF|553
enterprises:chain_join             2F244FFF|443  2F244FFF|443
enterprises:employees_record       2F2442FF|443  2F2442FF|443
enterprises:enterprise_merge       2FF44FFF|443  2FF44FFF|443
enterprises:membership_edit        2F244FFF|443  2F244FFF|443
enterprises:chain_leave            2F244FFF|443  2F244FFF|443
enterprises:organisation_list      222222FF|223  555555FF|553
enterprises:organisation_export    222222FF|223  555555FF|553
enterprises:organisation_create    2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:organisation_edit      2F244FFF|443  2F244FFF|443
enterprises:organisation_detail    222442FF|443  555555FF|553
enterprises:members_record         2F2442FF|443  2F2442FF|443
enterprises:register_home          222222FF|223  555555FF|553
enterprises:kind_list              222222FF|223  555555FF|553
enterprises:kind_create            2FFFFFFF|2F3  2FFFFFFF|2F3
enterprises:kind_edit              2FFFFFFF|443  2FFFFFFF|443
enterprises:gap_list               222222FF|223  555555FF|553
enterprises:gap_ratio              222222FF|443  555555FF|553
enterprises:staffing_list          222222FF|223  555555FF|553
enterprises:staffing_export        222222FF|223  555555FF|553
enterprises:staffing_create        2FFFFFFF|2F3  2FFFFFFF|2F3
enterprises:staffing_edit          2FFFFFFF|443  2FFFFFFF|443
enterprises:staffing_detail        222222FF|443  555555FF|553
enterprises:posting_list           222222FF|223  555555FF|553
enterprises:posting_export         222222FF|223  555555FF|553
enterprises:posting_create         2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:posting_edit           2F244FFF|443  2F244FFF|443
enterprises:posting_detail         222442FF|443  555555FF|553
enterprises:posting_end            2F244FFF|443  2F244FFF|443
enterprises:posting_replace        2F244FFF|443  2F244FFF|443
enterprises:pairing_list           222222FF|223  555555FF|553
enterprises:pairing_export         222222FF|223  555555FF|553
enterprises:pairing_create         2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:pairing_edit           2F244FFF|443  2F244FFF|443
enterprises:pairing_detail         222442FF|443  555555FF|553
enterprises:pairing_end            2F244FFF|443  2F244FFF|443
enterprises:pairing_file_add       555555FF|553  3F344FFF|443
enterprises:pairing_file_download  222442FF|443  555555FF|553
enterprises:facility_list          222222FF|223  555555FF|553
enterprises:facility_export        222222FF|223  555555FF|553
enterprises:facility_create        2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:facility_edit          2F244FFF|443  2F244FFF|443
enterprises:facility_detail        222442FF|443  555555FF|553
enterprises:facility_close         2F244FFF|443  2F244FFF|443
enterprises:honour_list            222222FF|223  555555FF|553
enterprises:honour_export          222222FF|223  555555FF|553
enterprises:honour_create          2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:honour_edit            2F244FFF|443  2F244FFF|443
enterprises:honour_detail          222442FF|443  555555FF|553
enterprises:honour_revoke          2F244FFF|443  2F244FFF|443
enterprises:mass_list              222222FF|223  555555FF|553
enterprises:mass_export            222222FF|223  555555FF|553
enterprises:mass_create            2F2FFFFF|2F3  2F2FFFFF|2F3
enterprises:mass_edit              2F244FFF|443  2F244FFF|443
enterprises:mass_detail            222442FF|443  555555FF|553
problems:list                      222222FF|223  555555FF|553
problems:export                    222222FF|223  555555FF|553
problems:counts                    222222FF|223  555555FF|553
problems:mine                      222222FF|223  555555FF|553
problems:create                    2F2FF2FF|223  2F2FF2FF|223
problems:similar                   222222FF|223  555555FF|553
problems:view_list                 222222FF|223  555555FF|553
problems:view_new                  222222FF|223  222222FF|223
problems:view_edit                 244444FF|443  244444FF|443
problems:view_delete               244444FF|443  344444FF|443
problems:columns                   555555FF|553  333333FF|333
problems:bulk                      555555FF|553  333FFFFF|3F3
problems:bulk_run                  244444FF|443  244444FF|443
problems:bulk_progress             244444FF|443  555555FF|553
problems:board                     222222FF|223  555555FF|553
problems:moves                     222222FF|443  555555FF|553
problems:deadlines                 222222FF|223  555555FF|553
problems:rulebook_list             222222FF|223  555555FF|553
problems:rulebook_detail           222222FF|443  555555FF|553
problems:rulebook_progress         444444FF|443  555555FF|553
problems:rulebook_withdraw         2FFFFFFF|443  3FFFFFFF|443
problems:rulebook_edit             2FFFF4FF|443  2FFFF4FF|443
problems:category_list             222222FF|223  555555FF|553
problems:category_create           2FFFF4FF|443  2FFFF4FF|443
problems:category_edit             2FFFFFFF|443  2FFFFFFF|443
problems:category_move             555555FF|553  3FFFFFFF|443
problems:memory                    222222FF|443  555555FF|553
problems:detail                    222222FF|443  555555FF|553
problems:act                       2F2222FF|443  2F2222FF|443
problems:attach                    2F2222FF|443  2F2222FF|443
problems:file                      222222FF|443  555555FF|553
problems:supervision               222222FF|223  555555FF|553
problems:slip_list                 222222FF|223  555555FF|553
problems:slip_detail               222222FF|443  555555FF|553
problems:slip_download             222222FF|443  555555FF|553
problems:slip_issue                2FFFFFFF|443  2FFFFFFF|443
problems:slip_answer               FFF2FFFF|443  FFF2FFFF|443
problems:instruction_list          222222FF|223  555555FF|553
problems:instruction_report        2F22FFFF|443  2F22FFFF|443
problems:link_make                 2F2FF2FF|443  2F2FF2FF|443
problems:link_revoke               2F2FF2FF|443  3F3FF3FF|443
problems:call_backs                222FFFFF|2F3  555555FF|553
problems:call_back                 2F2444FF|443  2F2444FF|443
voice:code                         22222222|222  22222222|222
voice:entry                        FFFFFFFF|FFF  55555555|555
voice:rate                         FFFFFFFF|FFF  FFFFFFFF|FFF
voice:fact                         FFFFFFFF|FFF  FFFFFFFF|FFF
voice:call                         FFFFFFFF|FFF  FFFFFFFF|FFF
voice:open                         33333333|333  55555555|555
meetings:list                      222222FF|223  555555FF|553
meetings:export                    222222FF|223  555555FF|553
meetings:create                    2F2FFFFF|2F3  2F2FFFFF|2F3
meetings:detail                    222444FF|443  555555FF|553
meetings:edit                      2F2444FF|443  2F2444FF|443
meetings:notify                    2F2444FF|443  2F2444FF|443
meetings:hold                      2F2444FF|443  2F2444FF|443
meetings:minute                    2F2444FF|443  2F2444FF|443
meetings:archive                   2F2444FF|443  2F2444FF|443
meetings:take_back                 2F2444FF|443  2F2444FF|443
meetings:cancel                    2F2444FF|443  2F2444FF|443
meetings:file_upload               555555FF|553  3F3444FF|443
meetings:file_download             222444FF|443  555555FF|553
meetings:activity_list             222222FF|223  555555FF|553
meetings:activity_export           222222FF|223  555555FF|553
meetings:activity_create           2F2222FF|223  2F2222FF|223
meetings:activity_detail           222442FF|443  555555FF|553
meetings:activity_edit             2F244FFF|443  2F244FFF|443
meetings:activity_join             FF222FFF|443  FF222FFF|443
meetings:activity_cancel           2F244FFF|443  2F244FFF|443
meetings:activity_file_upload      555555FF|553  3F344FFF|443
meetings:activity_file             222442FF|443  555555FF|553
meetings:firm_list                 222222FF|223  555555FF|553
meetings:firm_export               222222FF|223  555555FF|553
meetings:firm_detail               222222FF|443  555555FF|553
meetings:decision_create           2F2444FF|443  2F2444FF|443
meetings:decision_list             222222FF|223  555555FF|553
meetings:decision_export           222222FF|223  555555FF|553
meetings:decision_detail           222424FF|443  555555FF|553
meetings:decision_edit             2F24F4FF|443  2F24F4FF|443
meetings:decision_done             2F2424FF|443  2F2424FF|443
meetings:decision_cancel           2F24F4FF|443  2F24F4FF|443
notices:inbox                      222222FF|223  555555FF|553
notices:bell                       22222222|222  55555555|555
notices:read_all                   555555FF|553  333333FF|333
notices:open                       555555FF|553  344444FF|443
notices:read                       555555FF|553  344444FF|443
notices:preferences                222222FF|223  222222FF|223
notices:channel_list               2FFFFFFF|2F3  555555FF|553
notices:channel_create             2FFFFFFF|2F3  2FFFFFFF|2F3
notices:channel_detail             244444FF|443  555555FF|553
notices:channel_edit               244444FF|443  244444FF|443
notices:channel_test               555555FF|553  344444FF|443
indicators:dictionary              222222FF|223  555555FF|553
indicators:rows                    224444FF|443  555555FF|553
reports:list                       222222FF|223  555555FF|553
reports:create                     555555FF|553  222222FF|223
reports:detail                     224444FF|443  555555FF|553
reports:progress                   224444FF|443  555555FF|553
reports:retry                      555555FF|553  334444FF|443
reports:download                   224444FF|443  555555FF|553
audit:list                         FFFFFF2F|FF3  FFFFFF5F|FF3
audit:export                       FFFFFF2F|FF3  FFFFFF5F|FF3
set_language                       33333333|333  33333333|333
api-problems                       222222FF|221  000000FF|001
api-problem                        222222FF|441  555555FF|551
api-problem-step                   555555FF|551  0F0000FF|441
api-figures                        224444FF|441  555555FF|551
api-schema                         222222FF|221  555555FF|551
api-docs                           222222FF|221  555555FF|551
"""


def rows() -> dict[tuple[str, str], str]:
    """{(name of the address, method): one sign per person}."""
    found = {}
    for line in TABLE.strip().splitlines():
        name, get, post = line.split()
        assert (name, "GET") not in found, f"twice in the table: {name}"
        found[name, "GET"], found[name, "POST"] = get.replace("|", ""), post.replace("|", "")
    return found
