//! How generated objects show themselves: what is secret never, what is somebody's own only where that is asked for.

use std::cell::Cell;
use std::fmt;

use super::table::{Member, Object, Slot};

thread_local! {
    static SHOWS_PERSONAL_DATA: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function in which `Debug` shows personal data: names, addresses, e-mail, phone numbers.
///
/// Outside of it `Debug` of every type shows `[personal]` in their place, so that none of it gets into a log by
/// chance. What pays or proves who someone is, such as a card number or an OTP, is never shown.
///
/// ```
/// use cashfree_pg::types::with_personal_data;
///
/// let shown = with_personal_data(|| format!("{:?}", "whatever is to be shown"));
/// ```
pub fn with_personal_data<T>(show: impl FnOnce() -> T) -> T {
    /// Sets it back, after a panic too.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            SHOWS_PERSONAL_DATA.set(self.0);
        }
    }
    let _before = Before(SHOWS_PERSONAL_DATA.replace(true));
    show()
}

/// What stands in the place of a value that is not to be seen.
pub(crate) fn hidden(member: &Member) -> Option<&'static str> {
    if member.sensitive {
        Some("[redacted]")
    } else if member.personal && !SHOWS_PERSONAL_DATA.get() {
        Some("[personal]")
    } else {
        None
    }
}

/// Present members only; sensitive ones without their value.
pub(crate) fn show_object(object: &dyn Object, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    struct Shown<'a>(&'a dyn Slot);
    impl fmt::Debug for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.show(f)
        }
    }
    let mut shown = f.debug_struct(object.table().type_name);
    for (member, slot) in object.slots().filter(|(_, slot)| !slot.is_absent()) {
        match hidden(member) {
            Some(instead) => shown.field(member.name, &format_args!("{instead}")),
            None => shown.field(member.name, &Shown(slot)),
        };
    }
    if object.rest().names().next().is_some() {
        shown.field("unlisted", object.rest());
    }
    shown.finish()
}
