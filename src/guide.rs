//! The guide, page by page. The pages are files in `docs/`, for whoever reads the repository.
//!
//! | | |
//! |---|---|
//! | first steps | [a payment in the browser](checkout), [webhooks](mod@webhooks), [going live](going_live) |
//! | products | [refunds](mod@refunds), [subscriptions](mod@subscriptions), [pre-authorisation](pre_authorisation), [easy split](easy_split), [partners](mod@partners), [reconciliation](mod@reconciliation) |
//! | calls | [retries, timeouts and rate limits](retries), [errors](mod@errors), [lists in pages, and files](lists_and_files), [values that this crate does not know](reading), [versions](mod@versions) |
//! | operations | [testing](mod@testing), [spans and metrics](observability), [TLS and HTTP clients](tls), [webhooks at the edge](edge) |
//! | moving | from [2022-09-01 to 2023-08-01](from_2022_09_01_to_2023_08_01), from [2023-08-01 to 2025-01-01](from_2023_08_01_to_2025_01_01), from [2025-01-01 to 2026-01-01](from_2025_01_01_to_2026_01_01), from [another SDK](from_other_sdks), from [Flowwise](flowwise) |

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
            "[2022-09-01 to 2023-08-01]: crate::guide::from_2022_09_01_to_2023_08_01\n",
            "[2023-08-01 to 2025-01-01]: crate::guide::from_2023_08_01_to_2025_01_01\n",
            "[2025-01-01 to 2026-01-01]: crate::guide::from_2025_01_01_to_2026_01_01\n",
            "[handler]: mod@crate::webhook\n",
            "[sandbox]: https://docs.rs/cashfree-sandbox\n",
        )
    };
}

macro_rules! pages {
    ($($name:ident $file:literal)+) => {$(
        #[doc = links!()]
        #[doc = include_str!(concat!("../docs/", $file, ".md"))]
        pub mod $name {}
    )+};
}

pages! {
    checkout "guide/checkout"
    webhooks "guide/webhooks"
    refunds "guide/refunds"
    subscriptions "guide/subscriptions"
    pre_authorisation "guide/pre-authorisation"
    easy_split "guide/easy-split"
    partners "guide/partners"
    reconciliation "guide/reconciliation"
    lists_and_files "guide/lists-and-files"
    retries "guide/retries"
    errors "guide/errors"
    reading "guide/reading"
    versions "guide/versions"
    testing "guide/testing"
    observability "guide/observability"
    tls "guide/tls"
    edge "guide/edge"
    going_live "guide/going-live"
    from_2022_09_01_to_2023_08_01 "migrating/2022-09-01-to-2023-08-01"
    from_2023_08_01_to_2025_01_01 "migrating/2023-08-01-to-2025-01-01"
    from_2025_01_01_to_2026_01_01 "migrating/2025-01-01-to-2026-01-01"
    from_other_sdks "from-other-sdks"
    flowwise "flowwise"
}
