//! Downtimes of payment methods: what the operators of UPI, cards and banks announce, or suffer.

mod state;

use serde_json::{Value, json};

pub(crate) use state::{IncidentEvent, IncidentStatus};

use super::World;
use super::call::{Call, text, time};
use super::clock::{self, Time};
use super::due::Task;
use crate::gateway::problem::Problem;
use crate::spec::members;

const IMPACTS: [&str; 3] = ["HIGH", "MEDIUM", "LOW"];
/// By what member a method says whose customers are affected.
const ISSUERS: [&str; 4] = ["upi_issuer", "card_issuer", "net_banking_issuer", "wallet_issuer"];

#[derive(Debug)]
pub(crate) struct Incident {
    id: String,
    status: IncidentStatus,
    impact: String,
    scheduled: bool,
    message: String,
    begins: Time,
    ends: Option<Time>,
    /// `{"upi": {…}}`
    method: Value,
}

impl World {
    /// Something breaks, or is announced to.
    pub(crate) fn open_incident(&mut self, asked: &Value) -> Result<Value, Problem> {
        let impact = text(&asked["incident_impact"]).unwrap_or_else(|| "HIGH".to_owned());
        if !IMPACTS.contains(&impact.as_str()) {
            let rule = "should be HIGH, MEDIUM or LOW";
            return Err(Problem::member("incident_impact", rule, &asked["incident_impact"]));
        }
        let begins = time(asked, "incident_start_time")?.unwrap_or(self.now());
        let ends = time(asked, "incident_end_time")?;
        if ends.is_some_and(|ends| ends <= begins.max(self.now())) {
            let rule = "should be after its start, and not in the past";
            return Err(Problem::member("incident_end_time", rule, &asked["incident_end_time"]));
        }
        let method = match &asked["payment_method"] {
            Value::Null => json!({ "upi": { "upi_issuer": ["ALL_BANKS"], "is_npci_downtime": true } }),
            method if members(method).count() == 1 => method.clone(),
            method => return Err(Problem::member("payment_method", "should name one method", method)),
        };
        let scheduled = begins > self.now();
        let name = members(&method).next().map(|(name, _)| name.replace('_', " ")).unwrap_or_default();
        let incident = Incident {
            id: format!("incident_{}", self.ids.number()),
            status: IncidentStatus::Upcoming,
            impact,
            scheduled,
            message: text(&asked["incident_message"]).unwrap_or_else(|| format!("Payments by {name} fail")),
            begins,
            ends,
            method,
        };
        let at = self.incidents.insert(incident.id.clone(), incident);
        if scheduled {
            self.due.at(begins, Task::IncidentBegins(at));
            self.emit_incident(at);
        } else {
            self.incident_event(at, IncidentEvent::Begin);
        }
        if let Some(ends) = ends {
            self.due.at(ends, Task::IncidentEnds(at));
        }
        Ok(self.incident_entity(at))
    }

    /// What happens to a downtime happens here, if it can.
    pub(crate) fn incident_event(&mut self, at: usize, event: IncidentEvent) -> bool {
        let now = self.now();
        let incident = &mut self.incidents[at];
        let Some(next) = incident.status.next(event) else { return false };
        incident.status = next;
        if next == IncidentStatus::Resolved {
            incident.ends = Some(now);
        }
        self.emit_incident(at);
        true
    }

    /// It is over, or begins before its time.
    pub(crate) fn move_incident(&mut self, id: &str, status: &str) -> Result<Value, Problem> {
        let at = self.incidents.find(id).ok_or_else(not_found)?;
        let event = match status {
            "ACTIVE" => IncidentEvent::Begin,
            "RESOLVED" => IncidentEvent::Resolve,
            _ => return Err(Problem::member("status", "should be ACTIVE or RESOLVED", &json!(status))),
        };
        if !self.incident_event(at, event) {
            let message = format!("an incident that is {} cannot become {status}", self.incidents[at].status);
            return Err(Problem::invalid("request_failed", message));
        }
        Ok(self.incident_entity(at))
    }

    pub(super) fn fetch_incidents(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let bound = |name: &str| time(&json!({ name: call.query(name) }), name);
        let (from, till) = (bound("incident_start_time")?, bound("incident_end_time")?);
        let now = self.now();
        let wanted = |incident: &Incident| {
            let is = |name: &str, value: &str| {
                let mut asked = asked(call, name).peekable();
                asked.peek().is_none() || asked.any(|one| one.eq_ignore_ascii_case(value))
            };
            // Without a state, what is over is not asked for.
            let state = match asked(call, "incident_status").next() {
                None => incident.status != IncidentStatus::Resolved,
                Some(_) => is("incident_status", incident.status.as_str()),
            };
            state
                && is("incident_id", &incident.id)
                && is("incident_impact", &incident.impact)
                && is("incident_type", incident.kind())
                && members(&incident.method).any(|(name, _)| is("payment_method", name))
                && till.is_none_or(|till| incident.begins <= till)
                && from.is_none_or(|from| incident.ends.unwrap_or(now) >= from)
        };
        let found: Vec<usize> = (0..self.incidents.len()).filter(|at| wanted(&self.incidents[*at])).collect();
        let incidents: Value = found.iter().map(|at| self.incident_entity(*at)).collect();
        Ok(json!({ "count": found.len(), "incidents": incidents }))
    }

    pub(super) fn fetch_incident(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        self.incidents.find(call.path("id")).map(|at| self.incident_entity(at)).ok_or_else(not_found)
    }

    fn incident_entity(&self, at: usize) -> Value {
        let incident = &self.incidents[at];
        json!({
            "incident_id": incident.id, "incident_impact": incident.impact,
            "incident_message": incident.message, "incident_start_time": clock::write(incident.begins),
            "incident_end_time": incident.ends.map(clock::write),
            "incident_status": incident.status.as_str(), "incident_type": incident.kind(),
            "payment_method": incident.method,
        })
    }

    fn emit_incident(&mut self, at: usize) {
        let incident = &self.incidents[at];
        let instruments: Value = members(&incident.method)
            .map(|(name, affected)| {
                let issuers = ISSUERS.iter().find_map(|issuers| affected.get(*issuers));
                (name.clone(), json!({ "issuers": issuers }))
            })
            .collect();
        let data = json!({
            "incident": {
                "id": incident.id, "type": incident.kind(), "impact": incident.impact,
                "message": incident.message, "status": incident.status.as_str(),
                "start_time": clock::write(incident.begins),
                "end_time": incident.ends.map(clock::write),
            },
            "instruments": instruments,
        });
        self.emit("HEALTH_ALERT", crate::spec::newest(), None, data);
    }
}

impl Incident {
    fn kind(&self) -> &'static str {
        if self.scheduled { "SCHEDULED" } else { "UNSCHEDULED" }
    }
}

/// The values that a list in the query has: given again and again, or between commas.
fn asked<'a>(call: &'a Call<'_>, name: &'a str) -> impl Iterator<Item = &'a str> {
    let given = call.query.iter().filter(move |(one, _)| one.trim_end_matches("[]") == name);
    given.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

fn not_found() -> Problem {
    Problem::not_found("incident_not_found", "incident does not exist")
}
