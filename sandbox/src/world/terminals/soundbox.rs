//! Soundboxes: what says aloud that a payment came in.

use serde_json::{Value, json};

use crate::gateway::problem::Problem;
use crate::world::World;
use crate::world::call::{Call, overlay};

#[derive(Debug)]
pub(crate) struct Soundbox {
    terminal: usize,
    request: Value,
}

impl World {
    pub(crate) fn onboard_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.text("device_serial_no").unwrap_or_default();
        let terminal = self.terminal(&call.text("cf_terminal_id").unwrap_or_default())?;
        if self.soundboxes.find(&device).is_some() {
            return Err(Problem::conflict("resource_already_exists", "soundbox is at a terminal already"));
        }
        let soundbox = Soundbox { terminal, request: call.body.clone() };
        let entity = soundbox.request.clone();
        self.soundboxes.insert(device, soundbox);
        self.give_code(&call.text("vpa").unwrap_or_default(), terminal);
        Ok(entity)
    }

    fn soundbox(&self, device: &str, code: &'static str) -> Result<usize, Problem> {
        self.soundboxes.find(device).ok_or_else(|| Problem::not_found(code, "soundbox does not exist"))
    }

    pub(crate) fn update_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let terminal = self.terminal(call.path("cf_terminal_id"))?;
        // The body names no device: the terminal's first, unless it does.
        let named = call.text("device_serial_no").and_then(|device| self.soundboxes.find(&device));
        let first = || {
            let mut all = self.soundboxes.iter().enumerate();
            all.find(|(at, one)| one.terminal == terminal && self.is_mapped(*at)).map(|(at, _)| at)
        };
        let at = named
            .or_else(first)
            .ok_or_else(|| Problem::not_found("resource_post_not_found", "soundbox does not exist"))?;
        let soundbox = &mut self.soundboxes[at];
        overlay(&mut soundbox.request, call.body.clone());
        Ok(soundbox.request.clone())
    }

    fn is_mapped(&self, at: usize) -> bool {
        let device = self.soundboxes[at].request["device_serial_no"].as_str().unwrap_or_default();
        self.soundboxes.find(device) == Some(at)
    }

    pub(crate) fn fetch_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.query("device_serial_no").unwrap_or("");
        let at = self.soundbox(device, "resource_get_not_found")?;
        Ok(json!([self.soundboxes[at].request]))
    }

    pub(crate) fn remove_soundbox(&mut self, call: &Call<'_>) -> Result<Value, Problem> {
        let device = call.text("device_serial_no").unwrap_or_default();
        let at = self.soundbox(&device, "resource_post_not_found")?;
        self.soundboxes.forget(&device);
        Ok(json!([self.soundboxes[at].request]))
    }
}
