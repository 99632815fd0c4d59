//! A request written down for a terminal, Python or JavaScript. The key is the name of a variable, never the key.

use serde_json::{Map, Value};

use super::body::parameters;
use crate::domain::{BaseUrl, Count, Request};

/// The variable that stands for the key; the program itself reads it too.
const KEY_VARIABLE: &str = "PROOFSHEET_API_KEY";

/// For what it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnippetKind {
    /// A POSIX shell with cURL.
    Curl,
    /// The official Python client.
    Python,
    /// The official JavaScript client.
    JavaScript,
}

/// The request as one call: as many images as one call of this model makes.
pub fn snippet(request: &Request, base: &BaseUrl, kind: SnippetKind) -> String {
    let images = request.images.get().min(request.per_call.clamp(1, Count::MAX));
    let parameters = parameters(request, images);
    match kind {
        SnippetKind::Curl => curl(&parameters, base),
        SnippetKind::Python => python(&parameters, base),
        SnippetKind::JavaScript => java_script(&parameters, base),
    }
}

fn curl(parameters: &Map<String, Value>, base: &BaseUrl) -> String {
    let json = list(parameters, |name| format!("  {}: ", Value::from(name)), "\n");
    let url = base.generations();
    format!(
        "curl {} \\\n  -H 'Content-Type: application/json' \\\n  -H \"Authorization: Bearer ${KEY_VARIABLE}\" \\\n  -d {}\n",
        shell(url.as_str()),
        shell(&format!("{{\n{json}\n}}")),
    )
}

fn python(parameters: &Map<String, Value>, base: &BaseUrl) -> String {
    let arguments = list(parameters, |name| format!("    {name}="), "\n");
    let url = Value::from(base.to_string());
    format!(
        "import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(api_key=os.environ[\"{KEY_VARIABLE}\"], base_url={url})\n\n\
         response = client.images.generate(\n{arguments},\n)\n\
         for image in response.data:\n    print(image.url or f\"{{len(image.b64_json)}} characters of base64\")\n"
    )
}

fn java_script(parameters: &Map<String, Value>, base: &BaseUrl) -> String {
    let fields = list(parameters, |name| format!("  {name}: "), "\n");
    let url = Value::from(base.to_string());
    format!(
        "import OpenAI from \"openai\";\n\nconst client = new OpenAI({{ apiKey: process.env.{KEY_VARIABLE}, baseURL: {url} }});\n\n\
         const response = await client.images.generate({{\n{fields},\n}});\n\
         for (const image of response.data) {{\n  console.log(image.url ?? `${{image.b64_json.length}} characters of base64`);\n}}\n"
    )
}

/// The parameters one a line. A JSON string is a string in Python and JavaScript too.
fn list(parameters: &Map<String, Value>, lead: impl Fn(&str) -> String, joint: &str) -> String {
    let lines: Vec<String> = parameters.iter().map(|(name, value)| format!("{}{value}", lead(name))).collect();
    lines.join(&format!(",{joint}"))
}

/// One word for a POSIX shell, whatever is in it.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Catalogue, Draft};

    const PROMPT: &str = "it's a \"fox\" $HOME `id` \\n \\ ; !x\nsecond line 狐";

    fn write(kind: SnippetKind) -> String {
        let draft = Draft { prompt: PROMPT.to_owned(), size: "1024x1792".to_owned(), ..Draft::default() };
        let request = draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap();
        snippet(&request, &BaseUrl::parse("https://gateway.example").unwrap(), kind)
    }

    #[test]
    fn the_clients_get_their_parameters() {
        let python = write(SnippetKind::Python);
        assert!(python.contains("base_url=\"https://gateway.example/v1\""), "{python}");
        assert!(
            python.contains("    prompt=\"it's a \\\"fox\\\" $HOME `id` \\\\n \\\\ ; !x\\nsecond line 狐\",\n"),
            "{python}"
        );
        assert!(python.contains("    n=1,\n    size=\"1024x1792\",\n)"), "{python}");
        let java_script = write(SnippetKind::JavaScript);
        assert!(java_script.contains("  model: \"dall-e-3\",\n  n: 1,\n"), "{java_script}");
        assert!(java_script.contains("process.env.PROOFSHEET_API_KEY"), "{java_script}");
    }

    /// A real shell reads the line; a function called curl shows the words it got.
    #[cfg(unix)]
    #[test]
    fn a_shell_reads_back_exactly_what_was_written() {
        let script =
            format!("PROOFSHEET_API_KEY='a key'\ncurl() {{ printf '%s\\0' \"$@\"; }}\n{}", write(SnippetKind::Curl));
        let output = std::process::Command::new("/bin/sh").arg("-c").arg(script).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = text.split('\0').collect();
        assert_eq!(words[0], "https://gateway.example/v1/images/generations");
        assert_eq!((words[1], words[2]), ("-H", "Content-Type: application/json"));
        assert_eq!((words[3], words[4]), ("-H", "Authorization: Bearer a key"));
        assert_eq!((words[5], words.len()), ("-d", 8));
        let body: Value = serde_json::from_str(words[6]).unwrap();
        assert_eq!((body["prompt"].as_str(), body["n"].as_u64()), (Some(PROMPT), Some(1)));
    }
}
