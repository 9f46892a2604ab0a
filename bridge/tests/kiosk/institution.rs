//! What pages are told about the institution: its name, what it is, and whom staff call.

use crate::page::open;
use crate::site::{Site, site, site_in};
use crate::ways::{board, enter};
use protocol::{FromBridge, InstitutionKind, Name, PROTOCOL_VERSION};

/// Name and kind, as a kiosk page is told them.
async fn told(site: &Site) -> (Option<Name>, Option<InstitutionKind>) {
    let origin = format!("http://{}", site.bridge.address);
    let mut page = open(site, None, Some(&origin)).await.unwrap();
    page.hello(PROTOCOL_VERSION, &site.bridge.token).await;
    match page.next().await {
        Some(FromBridge::Welcome { institution_name, institution_kind, .. }) => {
            (institution_name, institution_kind)
        }
        other => panic!("no welcome, but {other:?}"),
    }
}

#[tokio::test]
async fn pages_are_told_where_they_stand_and_staff_whom_to_call() {
    let configured = site_in(tempfile::tempdir().unwrap(), |options| {
        options.institution = Some("1341234567".into());
        options.institution_name = Some("れんしゅう薬局 / Practice Pharmacy".into());
        options.call_centre = Some("03-0000-0000".into());
    })
    .await;
    let en = [("en".to_owned(), "Practice Pharmacy".to_owned())];
    let name = Some(Name { others: en.into(), ..Name::in_japanese("れんしゅう薬局") });
    assert_eq!(told(&configured).await, (name, Some(InstitutionKind::Pharmacy)));
    let session = enter(&configured).await;
    assert_eq!(board(&configured, &session).await.call_centre.as_deref(), Some("03-0000-0000"));

    let plain = site().await;
    assert_eq!(told(&plain).await, (None, None), "nothing is made up");
    let session = enter(&plain).await;
    assert_eq!(board(&plain, &session).await.call_centre.as_deref(), Some("0800-080-4583"));
}
