//! What an event is about, so that a refund is not taken for a payment.

use std::fmt;

use super::Event;
use crate::redact;
use crate::types::Amount;

/// What an event is about, with its id, its status and its amount.
///
/// A status alone says nothing: `SUCCESS` is that of a payment that came in, and of a refund that went out, with
/// the same order id. So ask what it is a status of first:
///
/// ```
/// use cashfree_pg::webhook::{Event, Subject};
///
/// fn handle(event: &Event) {
///     match event.subject() {
///         Subject::Payment(payment) if payment.is_success() => ship(payment.order_id()),
///         Subject::Refund(refund) if refund.is_final() => note(refund.refund_id(), refund.status()),
///         _ => {}
///     }
/// }
/// # fn ship(_: Option<&str>) {}
/// # fn note(_: Option<&str>, _: Option<&str>) {}
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Subject<'e> {
    /// A payment of an order: money that comes in.
    Payment(Entity<'e>),
    /// What Cashfree charged for a payment. No money comes in by it.
    PaymentCharges(Entity<'e>),
    /// A refund that you asked for: money that goes back.
    Refund(Entity<'e>),
    /// A refund that Cashfree makes by itself, of a payment that came too late for its order.
    AutoRefund(Entity<'e>),
    /// Money paid out to you, or to a vendor of yours.
    Settlement(Entity<'e>),
    /// A dispute over a payment.
    Dispute(Entity<'e>),
    /// A payment link.
    Link(Entity<'e>),
    /// An order, or the form that it was made by.
    Order(Entity<'e>),
    /// A subscription itself: authorised, paused, cancelled, run out.
    Subscription(Entity<'e>),
    /// That a customer agrees to be charged, or does not. What was taken for it may be given back.
    SubscriptionAuthorization(Entity<'e>),
    /// A payment of a subscription, or an attempt to make it.
    SubscriptionPayment(Entity<'e>),
    /// A refund of a payment of a subscription.
    SubscriptionRefund(Entity<'e>),
    /// Money that came in on a virtual account, or by international collections.
    Collection(Entity<'e>),
    /// Anything else: a saved instrument, a terminal, an incident, or what this crate does not know.
    Other(Entity<'e>),
}

/// The thing that an event is about: the members of it that every handler asks for first.
#[derive(Clone, Copy)]
pub struct Entity<'e>(pub(super) &'e Event);

impl<'e> Entity<'e> {
    /// Its id, by Cashfree's numbering where there is one: [`Event::entity_id`].
    pub fn id(&self) -> Option<&'e str> {
        self.0.entity_id()
    }

    /// The merchant's id of the order it belongs to.
    pub fn order_id(&self) -> Option<&'e str> {
        self.0.order_id()
    }

    /// Cashfree's id of the payment it is or belongs to.
    pub fn payment_id(&self) -> Option<&'e str> {
        self.0.payment_id()
    }

    /// The merchant's id of the refund it is: [`Event::refund_id`].
    pub fn refund_id(&self) -> Option<&'e str> {
        self.0.refund_id()
    }

    /// The merchant's id of the subscription it belongs to.
    pub fn subscription_id(&self) -> Option<&'e str> {
        self.0.subscription_id()
    }

    /// Its status: `SUCCESS`, `PENDING`. An open set.
    pub fn status(&self) -> Option<&'e str> {
        self.0.status()
    }

    /// Whether it came to a good end: the payment or the refund succeeded, the link or the order is paid, the
    /// dispute is won. Never for a status that is not known here, nor for what only has states.
    ///
    /// A payment whose money is only blocked is no success where its event says so, which those of 2022-09-01 do.
    /// For other versions, an account that pre-authorises asks for the payment and looks at `is_captured`.
    pub fn is_success(&self) -> bool {
        self.0.is_success()
    }

    /// Whether no other status follows: [`Event::is_final`].
    pub fn is_final(&self) -> bool {
        self.0.is_final()
    }

    /// Its amount: [`Event::amount`].
    pub fn amount(&self) -> Option<Amount> {
        self.0.amount()
    }

    /// The currency of its amount: [`Event::currency`].
    pub fn currency(&self) -> Option<&'e str> {
        self.0.currency()
    }

    /// The event.
    pub fn event(&self) -> &'e Event {
        self.0
    }
}

impl fmt::Debug for Entity<'_> {
    /// Its status, and no id or amount.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entity").field("status", &self.status().map(redact::name)).finish_non_exhaustive()
    }
}
