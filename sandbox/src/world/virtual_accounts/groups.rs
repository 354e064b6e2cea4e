//! Groups of people who are told of what arrives.

use serde_json::{Value, json};

use super::super::World;
use super::super::call::{Call, overlay, pick};
use super::super::clock::{self, Time};
use super::{SwitchStatus, given, wanted};
use crate::gateway::problem::Problem;

const PEOPLE: [&str; 2] = ["notification_group_emails", "notification_group_phone_numbers"];

#[derive(Debug)]
pub(crate) struct Group {
    name: String,
    people: Value,
    status: SwitchStatus,
    created: Time,
    updated: Time,
}

impl World {
    pub(in crate::world) fn create_notification_group(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let missing = || Problem::missing("notification_group_name");
        let name = call.text("notification_group_name").ok_or_else(missing)?;
        if self.notification_groups.find(&name).is_some() {
            let message = "notification group with same name is already present";
            return Err(Problem::conflict("notification_group_already_exists", message));
        }
        let (now, people) = (self.now(), pick(call.body, &PEOPLE));
        let group =
            Group { name: name.clone(), people, status: SwitchStatus::Active, created: now, updated: now };
        let at = self.notification_groups.insert(name, group);
        Ok(self.notification_group_entity(at))
    }

    pub(in crate::world) fn fetch_notification_group(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        Ok(self.notification_group_entity(self.notification_group(call)?))
    }

    pub(in crate::world) fn update_notification_group(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let (at, now) = (self.notification_group(call)?, self.now());
        let group = &mut self.notification_groups[at];
        overlay(&mut group.people, given(call.body, &PEOPLE));
        group.updated = now;
        Ok(self.notification_group_entity(at))
    }

    pub(in crate::world) fn change_notification_group_status(
        &mut self,
        call: &Call<'_>,
    ) -> Result<Value, Problem> {
        let (at, event, now) = (self.notification_group(call)?, wanted(call)?, self.now());
        let group = &mut self.notification_groups[at];
        if let Some(next) = group.status.next(event) {
            (group.status, group.updated) = (next, now);
        }
        Ok(self.notification_group_entity(at))
    }

    /// An account may only name a group that there is.
    pub(super) fn must_be_a_group(&self, call: &Call<'_>) -> Result<(), Problem> {
        match call.text("notification_group") {
            Some(name) if self.notification_groups.find(&name).is_none() => {
                let rule = "should be a notification group";
                Err(Problem::member("notification_group", rule, &call.body["notification_group"]))
            }
            _ => Ok(()),
        }
    }

    fn notification_group(&self, call: &Call<'_>) -> Result<usize, Problem> {
        let missing =
            || Problem::not_found("notification_group_not_found", "notification group does not exist");
        self.notification_groups.find(call.path("notification_group_name")).ok_or_else(missing)
    }

    fn notification_group_entity(&self, at: usize) -> Value {
        let group = &self.notification_groups[at];
        let mut entity = group.people.clone();
        overlay(
            &mut entity,
            json!({
                "notification_group_name": group.name,
                "notification_group_created_on": clock::write(group.created),
                "notification_group_last_updated_on": clock::write(group.updated),
            }),
        );
        json!({ "notification_group": entity })
    }
}
