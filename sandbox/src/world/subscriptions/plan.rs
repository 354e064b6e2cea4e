//! Plans: how much, how often, how many times.

use chrono::Months;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::call::{Call, text, with};
use crate::world::clock::Time;
use crate::world::{World, check, codes, money};

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    request: Value,
    pub(super) periodic: bool,
    /// The most that one charge may be; nothing where there is no limit.
    pub(super) most: Option<Decimal>,
    /// What each charge by the calendar is.
    pub(super) recurring: Option<Decimal>,
    pub(super) cycles: Option<u64>,
    interval: (u32, Interval),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interval {
    Day,
    Week,
    Month,
    Year,
}

impl Plan {
    fn read(request: &Value) -> Result<Self, Problem> {
        let kind = text(&request["plan_type"]).unwrap_or_else(|| "ON_DEMAND".to_owned());
        let periodic = match kind.as_str() {
            "PERIODIC" => true,
            "ON_DEMAND" => false,
            _ => {
                let rule = "should be PERIODIC or ON_DEMAND";
                return Err(Problem::member("plan_type", rule, &request["plan_type"]));
            }
        };
        check::member(request, "plan_currency", "is no currency", codes::is_currency)?;
        let interval = match text(&request["plan_interval_type"]).as_deref() {
            Some("DAY") => Interval::Day,
            Some("WEEK") => Interval::Week,
            Some("MONTH") | None => Interval::Month,
            Some("YEAR") => Interval::Year,
            Some(_) => {
                let rule = "should be DAY, WEEK, MONTH or YEAR";
                return Err(Problem::member("plan_interval_type", rule, &request["plan_interval_type"]));
            }
        };
        let positive = |name: &str| money::decimal(&request[name]).filter(|sum| *sum > Decimal::ZERO);
        let most = positive("plan_max_amount");
        let recurring = positive("plan_recurring_amount").or_else(|| positive("plan_amount"));
        if periodic && recurring.or(most).is_none() {
            return Err(Problem::missing("plan_recurring_amount"));
        }
        if let (Some(recurring), Some(most)) = (recurring, most)
            && recurring > most
        {
            let rule = "should be at most plan_max_amount";
            return Err(Problem::member("plan_recurring_amount", rule, &money::number(recurring)));
        }
        let number = |name: &str| text(&request[name]).and_then(|number| number.parse::<u64>().ok());
        let every = number("plan_intervals").and_then(|number| u32::try_from(number).ok());
        Ok(Self {
            request: request.clone(),
            periodic,
            most,
            recurring,
            cycles: number("plan_max_cycles").filter(|most| *most > 0),
            interval: (every.unwrap_or(1).clamp(1, 1000), interval),
        })
    }

    pub(super) fn id(&self) -> &Value {
        &self.request["plan_id"]
    }

    pub(super) fn entity(&self) -> Value {
        let recurring = self.recurring.map(money::number);
        let most = self.most.map(money::number);
        let extra = json!({
            "plan_status": "ACTIVE", "plan_type": if self.periodic { "PERIODIC" } else { "ON_DEMAND" },
            "plan_currency": text(&self.request["plan_currency"]).unwrap_or_else(|| "INR".to_owned()),
            "plan_recurring_amount": recurring, "plan_max_amount": most,
        });
        with(self.request.clone(), extra)
    }

    /// The time of the charge after `charges` others, counted from the first.
    pub(super) fn nth(&self, first: Time, charges: u64) -> Option<Time> {
        let (every, interval) = self.interval;
        let steps = i64::try_from(charges).ok()?.checked_mul(i64::from(every))?;
        match interval {
            Interval::Day => first.checked_add_signed(chrono::TimeDelta::try_days(steps)?),
            Interval::Week => first.checked_add_signed(chrono::TimeDelta::try_days(steps.checked_mul(7)?)?),
            Interval::Month => first.checked_add_months(Months::new(u32::try_from(steps).ok()?)),
            Interval::Year => {
                first.checked_add_months(Months::new(u32::try_from(steps.checked_mul(12)?).ok()?))
            }
        }
    }
}

impl World {
    pub(crate) fn create_plan(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let plan = Plan::read(call.body)?;
        let id = call.text("plan_id").unwrap_or_default();
        if self.plans.find(&id).is_some() {
            return Err(Problem::conflict("plan_already_exists", "plan with same id is already present"));
        }
        let entity = plan.entity();
        self.plans.insert(id, plan);
        Ok(entity)
    }

    pub(crate) fn fetch_plan(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let at = self.plans.find(call.path("plan_id")).ok_or_else(plan_not_found)?;
        Ok(self.plans[at].entity())
    }

    /// The plan that is named, or the one that is described.
    pub(super) fn plan_of(&self, details: &Value) -> Result<Plan, Problem> {
        let described = text(&details["plan_type"]).is_some() && text(&details["plan_name"]).is_some();
        match text(&details["plan_id"]).and_then(|id| self.plans.find(&id)) {
            Some(at) => Ok(self.plans[at].clone()),
            None if described => Plan::read(details),
            None if text(&details["plan_id"]).is_some() => Err(plan_not_found()),
            None => Err(Problem::missing("plan_details.plan_id")),
        }
    }
}

fn plan_not_found() -> Problem {
    Problem::not_found("plan_not_found", "plan does not exist")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::clock;

    #[test]
    fn charges_follow_the_calendar() {
        let first = clock::read("2025-01-31T10:00:00").expect("a time");
        let nth = |every: u32, kind: &str, charges: u64| {
            let plan = json!({
                "plan_type": "PERIODIC", "plan_amount": 5, "plan_intervals": every, "plan_interval_type": kind,
            });
            let plan = Plan::read(&plan).expect("a plan");
            clock::write(plan.nth(first, charges).expect("a time"))
        };
        // The last of February, and the 31st again in March.
        assert_eq!(nth(1, "MONTH", 1), "2025-02-28T10:00:00+05:30");
        assert_eq!(nth(1, "MONTH", 2), "2025-03-31T10:00:00+05:30");
        assert_eq!(nth(2, "WEEK", 1), "2025-02-14T10:00:00+05:30");
        assert_eq!(nth(1, "YEAR", 1), "2026-01-31T10:00:00+05:30");
        assert_eq!(nth(3, "DAY", 2), "2025-02-06T10:00:00+05:30");
    }
}
