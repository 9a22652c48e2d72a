//! The user for the clipboard, in the form somebody needs.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::console::Console;
use crate::host;
use crate::model::user_view::UserView;
use crate::model::words;
use crate::reactive::{Derived, Kept};

/// Buttons that put the user into the clipboard in the form somebody needs.
#[component]
pub(super) fn CopyAs(
    /// The user.
    view_of: Derived<Option<UserView>>,
    /// Id of the user.
    id: Kept<String>,
) -> impl IntoView {
    let toaster = expect_context::<Console>().toaster;
    let button = move |name: &'static str, text: String| {
        let copy = move |_| {
            let text = text.clone();
            spawn_local(async move {
                toaster.say(match host::copy(&text).await {
                    true => words::copied(name),
                    false => words::NO_CLIPBOARD.to_owned(),
                });
            });
        };
        view! { <button type="button" class="btn small" on:click=copy>{name}</button> }
    };
    move || {
        view_of.get().map(|it| {
            view! {
                <p class="row">
                    {button("Address", it.email)}
                    {button("Id", id.get_value())}
                    {button("curl line", it.curl)}
                    {it.vendor.map(|line| button("CLI line", line))}
                    {it.terraform.map(|block| button("Terraform", block))}
                </p>
            }
        })
    }
}
