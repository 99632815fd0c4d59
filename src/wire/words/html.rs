//! A web page reduced to its title, an XML error to its message.

/// The page's title, or its first heading, or its first words; an XML error's message.
pub(super) fn title(page: &str) -> String {
    for tag in ["title", "h1", "message", "code"] {
        let text = inside(page, tag).map(|text| plain(&text)).unwrap_or_default();
        if !text.is_empty() {
            return text;
        }
    }
    plain(page)
}

/// HTML, not some other markup.
pub(super) fn is_page(page: &str) -> bool {
    let start = page.get(..page.floor_char_boundary(1024)).unwrap_or(page).to_ascii_lowercase();
    start.contains("<!doctype html") || start.contains("<html") || start.contains("<head") || start.contains("<body")
}

/// What stands between the first `<tag …>` and its end.
fn inside(page: &str, tag: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let open = format!("<{tag}");
    let start = lower
        .match_indices(&open)
        .map(|(at, _)| at + open.len())
        .find(|&at| lower.as_bytes().get(at).is_some_and(|next| matches!(next, b'>' | b' ' | b'\n' | b'\t')))?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find(&format!("</{tag}"))?;
    page.get(start..end).map(str::to_owned)
}

/// Text without tags, scripts and the commonest entities.
fn plain(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let lower = after.get(..6).unwrap_or_default().to_ascii_lowercase();
        let skipped = ["script", "style"].iter().find(|tag| lower.starts_with(*tag));
        let after = skipped.map_or(after, |tag| {
            let end = after.to_ascii_lowercase().find(&format!("</{tag}"));
            end.and_then(|end| after.get(end..)).unwrap_or_default()
        });
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    for (entity, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
