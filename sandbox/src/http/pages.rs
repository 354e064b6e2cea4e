//! The pages a browser sees, embedded: a dashboard, and what payers see of orders, links and subscriptions.
//!
//! The pages are the same for everybody; what they show they ask for here, as JSON.

use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};

use super::controls::{acted, refused};
use crate::gateway::Engine;
use crate::gateway::input::Input;
use crate::gateway::reply::{Incoming, Reply};
use crate::world::call::text;
use crate::world::{World, qr};

/// The files by their names.
const FILES: [(&str, &str, &str); 6] = [
    ("index.html", "text/html; charset=utf-8", include_str!("../pages/index.html")),
    ("pay.html", "text/html; charset=utf-8", include_str!("../pages/pay.html")),
    ("style.css", "text/css", include_str!("../pages/style.css")),
    ("index.js", "text/javascript", include_str!("../pages/index.js")),
    ("pay.js", "text/javascript", include_str!("../pages/pay.js")),
    ("cashfree.js", "text/javascript", include_str!("../pages/cashfree.js")),
];
/// How many of each the dashboard shows.
const SHOWN: usize = 100;

/// A file by its name.
pub(super) fn page(name: &str) -> Reply {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, media, content)) => {
            Reply::new(200, media, content.as_bytes().to_vec()).with_header("cache-control", "no-cache")
        }
        None => Reply::plain(404, "no such page\n"),
    }
}

/// Answers what a browser, or a page in it, asks for.
pub(super) fn answer(engine: &Arc<Engine>, path: &[&str], incoming: &Incoming) -> Option<Reply> {
    if let (&Method::POST, ["links", id]) = (&incoming.method, path) {
        return Some(open_link(engine, id, incoming));
    }
    if incoming.method != Method::GET {
        return None;
    }
    let wants_json = incoming.header("accept").is_some_and(|accept| accept.contains("application/json"));
    let shown = |found: Option<Value>| match (found, wants_json) {
        (None, _) => Reply::plain(404, "no such thing here\n"),
        (Some(found), true) => Reply::json(200, &found),
        (Some(_), false) => page("pay.html"),
    };
    Some(match path {
        ["files", name] => page(name),
        ["cashfree.js"] => page("cashfree.js"),
        ["world"] => Reply::json(200, &engine.look(overview)),
        ["checkout", session] => {
            shown(engine.look(|world| Some(world.order_summary(world.orders.find_alias(session)?))))
        }
        ["orders", id] => {
            let found = engine.look(|world| Some(world.order_summary(world.orders.find(id)?)));
            found.map_or_else(|| Reply::plain(404, "no such order\n"), |found| Reply::json(200, &found))
        }
        ["pay", id] => visit(engine, id, wants_json),
        ["links", id] => shown(engine.look(|world| world.link_summary(id))),
        ["subscriptions", "pay", id] => {
            shown(engine.look(|world| Some(world.charge_summary(world.charge(id).ok()?))))
        }
        ["subscriptions", session] => shown(
            engine.look(|world| Some(world.subscription_summary(world.subscriptions.find_alias(session)?))),
        ),
        ["returns", payment] => match engine.look(|world| world.return_summary(payment)) {
            Some(summary) => Reply::plain(200, &summary),
            None => Reply::plain(404, "no such document\n"),
        },
        ["documents", vendor, kind] => document(engine, vendor, kind),
        _ => return None,
    })
}

/// The page behind a payment's `data.url`. To come there is an attempt at it.
fn visit(engine: &Arc<Engine>, id: &str, wants_json: bool) -> Reply {
    match engine.act(Input::Visit { payment: id.to_owned() }) {
        Err(problem) if problem.status == 404 => Reply::plain(404, "no such payment\n"),
        Err(problem) => refused(engine, &problem),
        Ok(_) if !wants_json => page("pay.html"),
        Ok(payment) => {
            let order = engine.look(|world| {
                let order = world.orders.find(payment["order_id"].as_str()?)?;
                let at = world.payments.find(id)?;
                let intent = world.payments[at].upi_intent();
                Some((world.order_summary(order), qr::image(&intent)))
            });
            let (order, code) = order.unwrap_or_default();
            Reply::json(200, &json!({ "payment": payment, "order": order, "qrcode": code }))
        }
    }
}

/// Opens a payment link: an order; and, for a program, a payment that waits for the payer's decision.
fn open_link(engine: &Arc<Engine>, id: &str, incoming: &Incoming) -> Reply {
    let body = incoming.json();
    let pay = body["start_payment"] != false;
    let input = Input::OpenLink { link: id.to_owned(), amount: text(&body["amount"]), pay };
    if !pay {
        return acted(engine, input);
    }
    match engine.act(input) {
        Ok(payment) => {
            let number = payment["cf_payment_id"].as_str().unwrap_or_default();
            let page = format!("{}/_sandbox/pay/{number}", incoming.origin(&engine.config.origin));
            let answer = json!({
                "order_id": payment["order_id"], "cf_payment_id": payment["cf_payment_id"], "url": page,
            });
            Reply::json(200, &answer)
        }
        Err(problem) => refused(engine, &problem),
    }
}

fn document(engine: &Arc<Engine>, vendor: &str, kind: &str) -> Reply {
    let found = engine.look(|world| {
        let (name, content) = world.document(vendor, kind)?;
        Some((name.to_owned(), content.to_vec()))
    });
    match found {
        Some((name, content)) => {
            let plain: String =
                name.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).collect();
            Reply::new(200, "application/octet-stream", content)
                .with_header("content-disposition", format!("attachment; filename=\"{plain}\""))
        }
        None => Reply::plain(404, "no such document\n"),
    }
}

/// What the dashboard shows: the newest of everything.
fn overview(world: &World) -> Value {
    let newest = |count: usize| (0..count).rev().take(SHOWN);
    json!({
        "now": world.stamp(),
        "owed": crate::world::money::number(world.ledger.owed()),
        "orders": newest(world.orders.len()).map(|at| world.order_summary(at)).collect::<Value>(),
        "subscriptions":
            newest(world.subscriptions.len()).map(|at| world.subscription_summary(at)).collect::<Value>(),
        "settlements":
            newest(world.settlements.len()).map(|at| world.settlement_summary(at)).collect::<Value>(),
        "links": world.links.iter().rev().take(SHOWN).filter_map(|link| world.link_summary(&link.id))
            .collect::<Value>(),
    })
}
