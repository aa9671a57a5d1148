"""Every figure of each published page, by its key there: each is compared or has a reason why it is not."""

_PRINTED = {
    "pingliang": """
        key_chains chain_committees grassroots_orgs party_members employees enterprises
        meetings_per_chain_min inspections enterprises_visited problems_collected matters_decided
        theory_study policy_lectures theme_party_days party_lessons_by_secretary service_centres
        activity_rooms incubation_centres model_workshops member_led_innovation commendations
        demo_projects_per_year help_teams plans_provided enterprises_given_plans finance_paired_enterprises
        social_capital credit_issued case_central_funds case_road_hardened case_drain case_sand_road
        case_chilli_plant_invest case_chilli_plant_capacity case_pickled_line case_potato_plantlets
        case_potato_minitubers case_potato_output cloud_promo_enterprises cloud_promo_projects
        cloud_promo_amount fair_projects fair_amount attraction_projects funds_in_place
        investment_list_projects investment_list_started start_rate major_started major_start_rate
        stabilise_investment_measures gdp_growth_h1 industry_growth_h1 fai_growth_h1
        budget_revenue_growth_h1 urban_income_growth_h1 rural_income_growth_h1 contribution_award_quarters
        wind_case polypropylene_case
    """,
    "longjiang": """
        gdp_target industrial_va_target key_chains county_committee_meetings joint_committee_meetings
        practical_problems_solved labour_land_conflict_solved attraction_trips agreements_signed
        agreements_amount projects_settled projects_followed chain_party_orgs new_party_members
        pioneer_posts enterprises_given_talent talent_recruited staff_trained technicians_trained
        students_enrolled research_funds chain_funds_rice_mutton leaders_liaison enterprises_liaised
        leaders_serving enterprises_served problems_helped
    """,
    "nanqiao": """
        key_chains mentored_per_helper pairing_aspects training_per_year phd_target
        leading_talent_projects_target committee_meeting_per_quarter duty_report_per_year direct_lines
    """,
    "renshou": """
        labour_income_per_year labour_base transferred floating_branches ledgers specialist_levels townships
        villages village_groups outside_stations specialists members_developed village_cadres reserve_cadres
        revitalisation_secretaries measures case_investment case_land pair_ratio incubator_area
        incubator_training incubator_tenants returned_entrepreneurs enterprises_created guaranteed_loans
        provincial_award_years award_fund startup_trainings colleges vocational_schools private_training
        training_spend trained rights_cases loss_recovered quarantine_sites quarantined vaccination
        future_centre_area future_incubated
    """,
    "zitong": """
        area_heads town_managers village_officers client_managers credit_products rating_coverage
        loans_new_operators gov_bank_guarantee_loans loans_collectives parks park_support leveraged_capital
        provincial_3star city_5star operators_supported operators_loans loan_cap rate_floor term_cap
        finance_problems_solved reserve_projects reserve_provincial reserve_city reserve_county
        planned_agri_projects planned_investment farmers_reached case_village_output case_village_profit
        case_fry_2021 case_fry_2022 case_profit_next case_loan_village case_reservoir case_fish_households
        case_pomelo_area case_pomelo_output case_pomelo_value case_village_loans case_village_outstanding
        case_new_loan_plan case_new_varieties case_selenium_area
    """,
    "hefei": """
        bs5g smart_factories digital_workshops service_providers invest_fab cars_modified
        platform_investment cnc_rate auto_collect_rate interconnected_factories leading_technologies
        yrd_platforms downstream_industries industry_scale
    """,
}
KEYS = {name: keys.split() for name, keys in _PRINTED.items()}
