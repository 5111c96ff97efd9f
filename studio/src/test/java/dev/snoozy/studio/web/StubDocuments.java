package dev.snoozy.studio.web;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Documents of the stub: two collections, one of which could not read everything. */
final class StubDocuments extends StubPart {
    private static final String FILE = "/home/someone/Documents/birds of prey.pdf";
    private static final String TEXT =
            "The peregrine falcon is the fastest of all birds. It dives at more than three"
                    + " hundred kilometres an hour.\nOther falcons are slower.";

    StubDocuments() {
        on("GET", "documents", (x, m) -> x.json(StubState.list("collections", all())));
        on("POST", "documents/search", (x, m) -> x.json(hits()));
        on("POST", "documents/open", (x, m) -> x.json(opened()));
        on("GET", "documents/ID/files", (x, m) -> x.json(files()));
    }

    private static List<ObjectNode> all() {
        return List.of(
                collection("papers", "/home/someone/Documents", 120, 2, 3, "embedder-f16"),
                collection("letters", "/home/someone/Letters", 40, 0, 0, ""));
    }

    private static ObjectNode collection(
            String name, String place, int read, int empty, int failed, String embedder) {
        ObjectNode node = Json.object().put("name", name).put("embedder", embedder);
        node.putArray("places").add(place);
        node.put("indexed", read).put("empty", empty).put("failed", failed);
        return node.put("passages", 31 * read);
    }

    private static ObjectNode passage(int ordinal) {
        ObjectNode node = Json.object().put("file", FILE).put("title", "Birds of prey");
        node.putArray("headings").add("Falcons").add("Speed");
        node.put("page", 3 + ordinal).put("line", 0).put("last_line", 0);
        return node.put("text", TEXT).put("ordinal", ordinal).put("repeats", 0);
    }

    private static ObjectNode hits() {
        ObjectNode answer = Json.object();
        ArrayNode passages = answer.putArray("passages");
        for (int i = 0; i < 2; i++) {
            ObjectNode hit = passage(i);
            hit.putArray("highlights").addObject().put("start", 14).put("end", 20);
            passages.add(hit);
        }
        return answer;
    }

    private static ObjectNode opened() {
        ObjectNode answer = Json.object().put("path", FILE).put("total", 90);
        answer.put("from", 4).put("target", 5);
        answer.putArray("passages").add(passage(4)).add(passage(5)).add(passage(6));
        return answer;
    }

    private static ObjectNode files() {
        ObjectNode answer = Json.object().put("total", 125);
        ArrayNode files = answer.putArray("files");
        files.add(file("birds of prey.pdf", "indexed", ""));
        files.add(file("scan.pdf", "empty", "a scan without text"));
        files.add(file("locked.docx", "failed", "locked by a password"));
        return answer;
    }

    private static ObjectNode file(String name, String status, String message) {
        return Json.object()
                .put("path", "/home/someone/Documents/" + name)
                .put("status", status)
                .put("message", message)
                .put("bytes", 1_234_567)
                .put("passages", status.equals("indexed") ? 31 : 0);
    }

    /** What an answer says of the passages that it is from. */
    static ObjectNode citations() {
        ObjectNode node = Json.object().put("question", "how fast is a falcon?");
        node.put("found", true);
        ArrayNode list = node.putArray("citations");
        for (int i = 1; i <= 2; i++) {
            ObjectNode one = passage(i).put("number", i).put("cited", i == 1);
            one.put("passage", TEXT);
            list.add(one);
        }
        return node;
    }
}
