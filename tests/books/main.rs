//! Ten thousand calls into a gateway that fails, and what each of them said against the gateway's own books.
//!
//! The gateway shares no code with the other tests, or with the crate.

mod table;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CreateRefundRequest, CustomerDetails};
use cashfree_pg::{
    ApiVersion, Cashfree, CashfreeBuilder, Credentials, Environment, Error, ErrorKind, Method, RetryPolicy,
    reqwest,
};
use serde_json::json;
use wire::Server;
use world::World;

/// Whose HTTP client, and which HTTP.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Http1,
    #[cfg(feature = "http2")]
    Http2,
    OwnHttp1,
    #[cfg(feature = "http2")]
    OwnHttp2,
}

impl Way {
    const ALL: &[Self] = &[
        Self::Http1,
        Self::OwnHttp1,
        #[cfg(feature = "http2")]
        Self::Http2,
        #[cfg(feature = "http2")]
        Self::OwnHttp2,
    ];

    fn is_http2(self) -> bool {
        match self {
            Self::Http1 | Self::OwnHttp1 => false,
            #[cfg(feature = "http2")]
            Self::Http2 | Self::OwnHttp2 => true,
        }
    }

    /// A client that talks this way; none where reqwest has no TLS to make a client of one's own with.
    fn client(self, url: &str, retry: RetryPolicy) -> Option<Cashfree> {
        let builder = || {
            Cashfree::builder()
                .environment(Environment::custom(url).unwrap())
                .credentials(Credentials::merchant("id", "secret"))
                .retry(retry.clone())
                .timeout(Duration::from_secs(40))
                .body_limit(table::LIMIT)
        };
        let own = |http: reqwest::ClientBuilder| {
            #[cfg(feature = "rustls-ring")]
            let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
            http.redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .build()
                .ok()
        };
        let with = |client| builder().http_client(client);
        let builder: CashfreeBuilder = match self {
            Self::Http1 => builder(),
            Self::OwnHttp1 => with(own(reqwest::Client::builder())?),
            #[cfg(feature = "http2")]
            Self::Http2 => builder().configure_http(|http| http.http2_prior_knowledge()),
            #[cfg(feature = "http2")]
            Self::OwnHttp2 => with(own(reqwest::Client::builder().http2_prior_knowledge())?),
        };
        Some(builder.build().unwrap())
    }
}

fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .rate_limit_wait(Duration::from_millis(1))
        // A busy machine must not add faults of its own. Over HTTP/2 hyper, where connections are lost by the hundred,
        // now and then leaves a request unsent in the queue of one, until this ends the wait.
        .attempt_timeout(Duration::from_secs(10))
}

/// Makes one call about a thing of this id, and gives the id that the answer has.
async fn call(cashfree: &Cashfree, id: &str, number: usize, http2: bool) -> Result<String, Error> {
    let version = ApiVersion::new("2025-01-01").unwrap();
    let api = cashfree.v2025_01_01();
    let amount = Amount::from_paise(1_050);
    let untyped = |method, path: &str| cashfree.request(version, method, path).json(&json!({ "id": id }));
    let answered = |answer: cashfree_pg::Response<cashfree_pg::RawJson>| {
        let json = answer.json();
        let listed = json.get(0).unwrap_or(&json);
        // Whoever asks without types has to look for himself.
        listed["id"].as_str().or(listed["order_id"].as_str()).unwrap_or_default().to_owned()
    };
    match number % 8 {
        0 => {
            let customer = CustomerDetails::new("c_1", "9999999999");
            let call = api.create_order(CreateOrderRequest::new(amount, "INR", customer).order_id(id));
            call.await.map(|order| order.into_inner().order_id.unwrap_or_default())
        }
        1 => {
            let call = api.create_order_refund("o_1", CreateRefundRequest::new(amount, id));
            call.idempotency_key(id).await.map(|refund| refund.into_inner().refund_id.unwrap_or_default())
        }
        2 => untyped(Method::PATCH, "/orders/o_1").await.map(answered),
        3 => untyped(Method::PUT, "/disputes/7/accept").await.map(answered),
        4 if !http2 => {
            let delete = cashfree.request(version, Method::DELETE, "/instruments/{id}").path("id", id);
            delete.await.map(answered)
        }
        5 if !http2 => api.fetch_order(id).await.map(|order| order.into_inner().order_id.unwrap_or_default()),
        5 => untyped(Method::POST, "/recon").read_only().await.map(answered),
        6 => untyped(Method::POST, "/recon").read_only().await.map(answered),
        _ => untyped(Method::POST, "/links").idempotency_key(id).await.map(answered),
    }
}

/// Whether what a call said is what the books say; else what they say.
fn contradiction(world: &World, id: &str, result: &Result<String, Error>) -> Option<String> {
    let (asked, done, reads) = (world.asked(id), world.carried_out(id), id.starts_with("read_"));
    let holds = match result {
        Ok(answered) if answered.is_empty() => true, // not for a typed call: see below
        Ok(answered) => answered == id && (reads || done == 1),
        Err(error) => match error.kind() {
            ErrorKind::Rejected | ErrorKind::RateLimited => done == 0,
            ErrorKind::NeverSent => asked == 0,
            ErrorKind::Undecodable => reads || done == 1,
            ErrorKind::OutcomeUnknown => !reads && !error.is_retryable(),
            ErrorKind::Unanswered => reads,
            _ => false,
        },
    };
    (!holds || done > 1).then(|| format!("{id}: {result:?}, but asked {asked}, carried out {done}"))
}

/// Runs so many calls, and tallies how they ended.
async fn run(way: Way, seed: u64, percent: u32, calls: usize) -> BTreeMap<String, u32> {
    const TASKS: usize = 32;
    let world = Arc::new(World::new(seed, percent));
    let server = Server::start(way.is_http2(), {
        let world = world.clone();
        move |asked| world.handle(asked)
    })
    .await;
    let Some(cashfree) = way.client(&server.url(), quick()) else { return BTreeMap::new() };
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (cashfree, world) = (cashfree.clone(), world.clone());
            tokio::spawn(async move {
                let mut ends = Vec::new();
                for number in (task..calls).step_by(TASKS) {
                    let reads = matches!(number % 8, 5 | 6);
                    let id = format!("{}_{number}", if reads { "read" } else { "change" });
                    let result = call(&cashfree, &id, number, way.is_http2()).await;
                    assert!(
                        number % 8 > 1 || result.as_ref().map_or(true, |answered| !answered.is_empty()),
                        "{id} is Ok of nothing"
                    );
                    assert_eq!(contradiction(&world, &id, &result), None, "{way:?}");
                    ends.push(result.map_or_else(|error| error.kind().to_string(), |_| "success".to_owned()));
                }
                ends
            })
        })
        .collect();
    let mut tally = BTreeMap::new();
    for task in tasks {
        for end in task.await.unwrap() {
            *tally.entry(end).or_default() += 1;
        }
    }
    let books = world.books.lock().unwrap();
    assert_eq!(books.differing, Vec::<String>::new(), "attempts of one call differ");
    assert!(books.carried_out.values().all(|times| *times == 1));
    let asked: u32 = books.asked.values().sum();
    println!("{way:?}, {percent} %: {calls} calls, {asked} requests, {} faults: {tally:?}", books.faults);
    assert!(books.faults > asked * percent / 130, "there were faults");
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_with_30_percent_faults_say_what_the_books_say() {
    let tally = run(Way::Http1, 20_250_101, 30, 10_000).await;
    assert!(tally["success"] > 7_000, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_with_60_percent_faults_say_what_the_books_say() {
    let tally = run(Way::Http1, 20_260_101, 60, 10_000).await;
    for kind in ["success", "rejected", "rate limited", "outcome unknown", "unanswered", "undecodable answer"]
    {
        assert!(tally.contains_key(kind), "no call ended in {kind}: {tally:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_do_clients_of_ones_own_and_http_2() {
    for way in Way::ALL {
        run(*way, 7, 60, 2_000).await;
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_sent() {
    let cashfree = Way::Http1.client("http://127.0.0.1:1/pg", quick()).unwrap();
    for number in 0..8 {
        let error = call(&cashfree, "change_1", number, false).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NeverSent);
    }
}
