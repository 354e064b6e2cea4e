//! The guide, page by page. The pages are files in `docs/guide/`, for whoever reads the repository.
//!
//! | | |
//! |---|---|
//! | first steps | [a payment in the browser](checkout), [webhooks](mod@webhooks), [going live](going_live) |
//! | products | [refunds](mod@refunds), [subscriptions](mod@subscriptions), [pre-authorisation](pre_authorisation), [easy split](easy_split), [partners](mod@partners), [reconciliation](mod@reconciliation) |
//! | calls | [retries, timeouts and rate limits](retries), [errors](mod@errors), [lists in pages, and files](lists_and_files), [values that this crate does not know](reading), [versions](mod@versions) |
//! | operations | [testing](mod@testing), [spans and metrics](observability), [TLS and HTTP clients](tls), [webhooks at the edge](edge) |

/// In a file a link leads to a file, here to a module: of two definitions of a link the first counts.
macro_rules! links {
    () => {
        concat!(
            "[checkout]: crate::guide::checkout\n",
            "[webhooks]: crate::guide::webhooks\n",
            "[refunds]: crate::guide::refunds\n",
            "[subscriptions]: crate::guide::subscriptions\n",
            "[pre-authorisation]: crate::guide::pre_authorisation\n",
            "[easy-split]: crate::guide::easy_split\n",
            "[partners]: crate::guide::partners\n",
            "[reconciliation]: crate::guide::reconciliation\n",
            "[lists-and-files]: crate::guide::lists_and_files\n",
            "[retries]: crate::guide::retries\n",
            "[errors]: crate::guide::errors\n",
            "[reading]: crate::guide::reading\n",
            "[versions]: crate::guide::versions\n",
            "[testing]: crate::guide::testing\n",
            "[observability]: crate::guide::observability\n",
            "[tls]: crate::guide::tls\n",
            "[edge]: crate::guide::edge\n",
            "[going-live]: crate::guide::going_live\n",
        )
    };
}

macro_rules! pages {
    ($($name:ident $file:literal)+) => {$(
        #[doc = links!()]
        #[doc = include_str!(concat!("../docs/guide/", $file, ".md"))]
        pub mod $name {}
    )+};
}

pages! {
    checkout "checkout"
    webhooks "webhooks"
    refunds "refunds"
    subscriptions "subscriptions"
    pre_authorisation "pre-authorisation"
    easy_split "easy-split"
    partners "partners"
    reconciliation "reconciliation"
    lists_and_files "lists-and-files"
    retries "retries"
    errors "errors"
    reading "reading"
    versions "versions"
    testing "testing"
    observability "observability"
    tls "tls"
    edge "edge"
    going_live "going-live"
}
