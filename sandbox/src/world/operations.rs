//! Which handler serves which operation. What is not listed has nothing to imitate: its answer is an example
//! made from its schema, and says so.

use serde_json::Value;

use super::World;
use super::call::Call;
use crate::gateway::problem::Problem;

/// What serves an operation.
type Handler = fn(&mut World, &Call<'_>) -> Result<Value, Problem>;

/// The handler of the operation with this id.
pub(super) fn handler(id: &str) -> Option<Handler> {
    let payments = || gateway(id).or_else(|| merchant(id)).or_else(|| recurring(id));
    payments().or_else(|| point_of_sale(id)).or_else(|| product(id)).or_else(|| first_api(id))
}

/// Orders, and what is paid for them.
fn gateway(id: &str) -> Option<Handler> {
    Some(match id {
        "PGCreateOrder" => World::create_order,
        "PGFetchOrder" => World::fetch_order,
        "PGTerminateOrder" => World::terminate_order,
        "PGFetchOrderExtendedData" => World::fetch_extended,
        "PGUpdateOrderExtendedData" => World::update_extended,
        "PGPayOrder" => World::pay_order,
        "PGPayOrderAuthorizeOnly" => World::pay_authorize_only,
        "PGOrderAuthenticatePayment" => World::authenticate_payment,
        "PGOrderFetchPayments" => World::fetch_payments,
        "PGOrderFetchPayment" => World::fetch_payment,
        "PGAuthorizeOrder" => World::authorize_order,
        "PGOrderCreateRefund" => World::create_refund,
        "PGOrderFetchRefunds" => World::fetch_refunds,
        "PGOrderFetchRefund" => World::fetch_refund,
        "PGOrderUpdateRefund" => World::update_refund,
        "PGSimulatePayment" => World::simulate,
        "PGFetchSimulation" | "PGFetchSettlementSimulation" => World::fetch_simulation,
        "PGSimulateSettlement" => World::simulate_settlement,
        "PGCreateLink" => World::create_link,
        "PGFetchLink" => World::fetch_link,
        "PGCancelLink" => World::cancel_link,
        "PGLinkFetchOrders" => World::fetch_link_orders,
        "PGCreateOffer" => World::create_offer,
        "PGFetchOffer" => World::fetch_offer,
        "FetchActiveEcosystemDowntimes" => World::fetch_incidents,
        "FetchDowntimeById" => World::fetch_incident,
        "PGEligibilityFetchOffers" => World::eligible_offers,
        "PGEligibilityFetchPaymentMethods" => World::eligible_methods,
        "PGEligibilityFetchCardlessEMI" => World::eligible_cardless_emi,
        "PGEligibilityFetchPaylater" => World::eligible_paylater,
        _ => return None,
    })
}

/// Customers, settlements, disputes, vendors.
fn merchant(id: &str) -> Option<Handler> {
    Some(match id {
        "PGCreateCustomer" => World::create_customer,
        "PGCustomerFetchInstruments" => World::fetch_instruments,
        "PGCustomerFetchInstrument" => World::fetch_instrument,
        "PGCustomerDeleteInstrument" => World::delete_instrument,
        "PGCustomerInstrumentsFetchCryptogram" => World::fetch_cryptogram,
        "PGCreatePAR" => World::create_par,
        "PGGetCardBin" => World::card_bin,
        "PGOrderFetchSettlement" => World::fetch_order_settlement,
        "MarkForSettlement" => World::mark_for_settlement,
        "PGFetchSettlements" => World::fetch_settlements,
        "PGFetchRecon" => World::fetch_recon,
        "PGSettlementFetchRecon" => World::fetch_settlement_recon,
        "PGESReconVendor" => World::recon_of_vendor,
        "PGESOrderRecon" => World::recon_of_orders,
        "PGSplitOrderRecon" => World::split_of_order,
        "PGFetchDisputeByID" => World::fetch_dispute,
        "PGFetchOrderDisputes" | "PGFetchPaymentDisputes" => World::fetch_disputes,
        "PGAcceptDisputeByID" => World::accept_dispute,
        "PGUploadDisputesDocuments" => World::upload_dispute_document,
        "PGESCreateVendors" => World::create_vendor,
        "PGESFetchVendors" => World::fetch_vendor,
        "PGESUpdateVendors" => World::update_vendor,
        "PGESUploadVendorsDocs" => World::upload_vendor_document,
        "PGESGetVendorsDocs" => World::fetch_vendor_documents,
        "PGESDownloadVendorsDocs" => World::download_vendor_document,
        "PGESGetVendorBalance" => World::fetch_vendor_balance,
        "PGESCreateAdjustment" => World::adjust_vendor,
        "PGESCreateOnDemandTransfer" => World::transfer_vendor_balance,
        "PGESGetVendorBalanceTransferCharges" => World::transfer_charges,
        "PGOrderSplitAfterPayment" => World::split_order,
        "PGOrderStaticSplit" => World::split_always,
        _ => return None,
    })
}

/// Subscriptions.
fn recurring(id: &str) -> Option<Handler> {
    Some(match id {
        "SubsCreatePlan" => World::create_plan,
        "SubsFetchPlan" => World::fetch_plan,
        "SubsCreateSubscription" => World::create_subscription,
        "SubsFetchSubscription" => World::fetch_subscription,
        "SubsManageSubscription" => World::manage_subscription,
        "SubsCreatePayment" => World::create_subscription_payment,
        "SubsFetchSubscriptionPayment" => World::fetch_subscription_payment,
        "SubsFetchSubscriptionPayments" => World::fetch_subscription_payments,
        "SubsManageSubscriptionPayment" => World::manage_subscription_payment,
        "SubsCreateRefund" => World::create_subscription_refund,
        "SubsFetchSubscriptionRefund" => World::fetch_subscription_refund,
        "SubscriptionDocumentUpload" => World::upload_subscription_document,
        "SubscriptionEligibility" => World::eligible_mandates,
        "SubsGenerateTransactionReturnSummary" => World::generate_return_summary,
        _ => return None,
    })
}

/// Terminals.
fn point_of_sale(id: &str) -> Option<Handler> {
    Some(match id {
        "SposCreateTerminal" => World::create_terminal,
        "SposFetchTerminal" => World::fetch_terminal,
        "SposUpdateTerminal" => World::update_terminal,
        "SposUpdateTerminalStatus" => World::update_terminal_status,
        "SposUploadTerminalDocs" => World::upload_terminal_document,
        "SposCreateTerminalTransaction" => World::create_terminal_transaction,
        "SposFetchTerminalTransaction" => World::fetch_terminal_transaction,
        "SposFetchTerminalTransactions" => World::fetch_terminal_transactions,
        "SposFetchTerminalQRCodes" => World::fetch_terminal_codes,
        "TerminalCreateQRCodes" => World::create_codes,
        "TerminalGetQRCodes" => World::fetch_codes,
        "SposOnboardSoundboxVpa" => World::onboard_soundbox,
        "SposUpdateSoundboxVpa" => World::update_soundbox,
        "SposFetchTerminalSoundboxVpa" => World::fetch_soundbox,
        "SposDemapSoundboxVpa" => World::remove_soundbox,
        _ => return None,
    })
}

/// The API that came before all versions.
fn first_api(id: &str) -> Option<Handler> {
    Some(match id {
        "FirstCreateOrder" => World::first_create_order,
        "FirstFetchOrder" => World::first_order,
        "FirstFetchOrderLink" => World::first_order_link,
        "FirstFetchOrderStatus" => World::first_order_status,
        "FirstSendPaymentEmail" => World::first_email,
        "FirstCreateRefund" => World::first_refund,
        "FirstFetchTransactions" => World::first_transactions,
        "FirstFetchRefunds" => World::first_refunds,
        "FirstFetchSettlements" => World::first_settlements,
        "FirstFetchSettlement" => World::first_settlement,
        "FirstVerifyCredentials" => World::first_verify,
        _ => return None,
    })
}

/// Products beside the payments API.
fn product(id: &str) -> Option<Handler> {
    Some(match id {
        "VBACreate" => World::create_virtual_account,
        "VBAFetch" => World::fetch_virtual_account,
        "VBAEdit" => World::update_virtual_account,
        "VBAManage" => World::change_virtual_account_status,
        "VBACreateNotificationGroup" => World::create_notification_group,
        "VBAFetchNotificationGroup" => World::fetch_notification_group,
        "VBAEditNotificationGroup" => World::update_notification_group,
        "VBAManageNotificationGroup" => World::change_notification_group_status,
        "VBAFetchPayments" => World::fetch_virtual_account_payments,
        "VBAFetchPaymentsByUtr" => World::fetch_virtual_account_payments_by_utr,
        "global-collections-get-token" => World::issue_token,
        "global-collections-verify-token" => World::verify_token,
        "get-collection-accounts-partner" => World::fetch_foreign_accounts,
        "emulate-funding-partner" => World::simulate_foreign_payment,
        "get-all-transaction-details-partner" => World::fetch_foreign_payments,
        "add-transaction-details-partner" => World::add_foreign_invoice,
        "createVirtualAccount" => World::create_fund_source,
        "get-v1-fundsources-paymentInstrumentId" => World::fetch_fund_source,
        "connectedWalletDebit" => World::debit_wallet,
        "rechargeOneEscrow" => World::recharge_wallet,
        "post-v1-2-internalTransfer" => World::transfer_funds,
        "whitelistBankAccount" => World::whitelist_account,
        "get-v1-accountStatement" => World::fetch_statement,
        "post-merchants" => World::create_merchant,
        "get-merchants-merchant_id" => World::fetch_merchant,
        "patch-merchants-merchant_id" => World::update_merchant,
        "post-merchants-merchant_id-documents" => World::upload_merchant_document,
        "post-merchants-merchant_id-onboarding_link" => World::create_onboarding_link,
        "post-merchants-merchant_id-onboarding_link-standard" => World::create_onboarding_link,
        _ => return None,
    })
}

impl World {
    /// Whether an operation does what it says, or answers an example.
    pub(crate) fn imitates(operation: &str) -> bool {
        handler(operation).is_some()
    }

    /// Serves one call; nothing where there is only an example to give.
    pub(crate) fn serve(&mut self, call: &Call<'_>) -> Result<Option<Value>, Problem> {
        match handler(&call.operation.id) {
            Some(handler) => handler(self, call).map(Some),
            None => Ok(None),
        }
    }
}
