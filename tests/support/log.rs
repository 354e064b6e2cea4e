//! Writes down what an observer and a `tracing` subscriber get to see.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use cashfree_pg::{AttemptReport, CallInfo, CallReport, Observer};

#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<String>>);

impl Log {
    fn note(&self, what: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{what:?}").unwrap();
    }

    pub fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Log {
    fn call_started(&self, call: &CallInfo) {
        self.note(call);
    }

    fn attempt_finished(&self, call: &CallInfo, attempt: &AttemptReport) {
        self.note(&(call, attempt));
    }

    fn call_finished(&self, call: &CallInfo, report: &CallReport) {
        self.note(&(call, report));
    }
}

#[cfg(feature = "tracing")]
pub use spans::listen;

#[cfg(feature = "tracing")]
mod spans {
    use std::{cell::RefCell, fmt::Debug, sync::Once};

    use tracing::{
        Event, Metadata, Subscriber,
        field::{Field, Visit},
        span,
    };

    use super::Log;

    thread_local! {
        static HEARING: RefCell<Option<Log>> = const { RefCell::new(None) };
    }

    /// Sets the process's subscriber. Every test does it before its first call: a place in the code that is reached
    /// while one thread has a subscriber and another has none may be taken for unheard ever after.
    pub fn listen() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Ear).unwrap());
    }

    pub struct Hearing;

    impl Drop for Hearing {
        fn drop(&mut self) {
            HEARING.set(None);
        }
    }

    impl Log {
        /// Hears every crate and level on this thread, until what it returns is dropped.
        pub fn hear(&self) -> Hearing {
            listen();
            HEARING.set(Some(self.clone()));
            Hearing
        }
    }

    struct Ear;

    impl Ear {
        fn note(what: impl FnOnce(&Log)) {
            HEARING.with_borrow(|log| log.as_ref().map(what));
        }
    }

    impl Subscriber for Ear {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
            Self::note(|log| {
                log.note(&format_args!("span {}", attributes.metadata().name()));
                attributes.record(&mut Fields(log));
            });
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, values: &span::Record<'_>) {
            Self::note(|log| values.record(&mut Fields(log)));
        }

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn event(&self, event: &Event<'_>) {
            Self::note(|log| event.record(&mut Fields(log)));
        }

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    struct Fields<'a>(&'a Log);

    impl Visit for Fields<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            self.0.note(&format_args!("  {}={value:?}", field.name()));
        }
    }
}
