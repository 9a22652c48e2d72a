//! Whether a plan is one that may be sent.

use rolecall_core::endpoint::{Incoming, Site};
use rolecall_core::plan::Plan;
use rolecall_core::service::Call;

use crate::connection::Connection;
use crate::error::ApiError;

/// Whether a plan is one for this connection.
pub(super) fn check(connection: &Connection, plan: &Plan) -> Result<(), ApiError> {
    let own = |organization: &str| organization == plan.organization.as_str();
    if plan.service != connection.service {
        let name = connection.service.name();
        return Err(ApiError::Invalid(format!(
            "this connection is to {name}, the plan is not"
        )));
    }
    if connection.organization().is_some_and(|it| !own(&it)) {
        return Err(ApiError::Invalid(
            "the plan is for another organization".to_owned(),
        ));
    }
    for step in &plan.steps {
        let organization = step.call.organization();
        if !may_be_sent(&step.call) {
            return Err(ApiError::Invalid(format!(
                "the step for {} is no call that its service has",
                step.email
            )));
        }
        if step.call.service() != plan.service
            || !step.call.changes()
            || organization.is_some_and(|it| !own(it.as_str()))
        {
            return Err(ApiError::Invalid(format!(
                "the step for {} is not one of this plan’s service and organization",
                step.email
            )));
        }
    }
    Ok(())
}

/// Whether the request of a call is read back as the same call: ids in a plan are any text, and not all texts are ids.
fn may_be_sent(call: &Call) -> bool {
    let request = call.outgoing(&Site {
        base: "",
        token: None,
    });
    let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let incoming = Incoming {
        method: &request.method,
        path,
        query,
        body: request.body.as_deref().unwrap_or_default(),
    };
    Call::receive(call.service(), &incoming).is_some_and(|it| it.is_ok_and(|it| it == *call))
}
