package dev.snoozy.studio.transfer;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Chat;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.store.Messages;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;
import java.util.List;

/** Chats out of the studio and into it. */
public final class TransferApi {
    private final Chats chats;
    private final Messages messages;

    public TransferApi(Chats chats, Messages messages) {
        this.chats = chats;
        this.messages = messages;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/export", this::export);
        routes.on("POST", "/import", this::take);
    }

    private void export(Call call) {
        String id = call.query("chat");
        List<Chat> wanted =
                id.isEmpty()
                        ? chats.all()
                        : List.of(chats.find(id).orElseThrow(() -> Call.missing("chat")));
        switch (call.query("format")) {
            case "", "json" -> {
                ObjectNode export = SnoozyFormat.begin();
                for (Chat chat : wanted) {
                    SnoozyFormat.add(export, chat, messages.of(chat.id()));
                }
                call.file("snoozy-chats.json", "application/json", Json.text(export));
            }
            case "md" -> {
                StringBuilder text = new StringBuilder();
                for (Chat chat : wanted) {
                    String leaf = chat.leaf();
                    List<Message> path = leaf == null ? List.of() : messages.path(chat.id(), leaf);
                    text.append(MarkdownExport.of(chat, path)).append('\n');
                }
                call.file("snoozy-chats.md", "text/markdown", text.toString());
            }
            default -> throw HttpProblem.invalid("format", "expected json or md");
        }
    }

    private void take(Call call) {
        Fields fields = call.fields();
        String format = fields.requiredString("format");
        JsonNode data = fields.any("data").orElseThrow(() -> fields.missing("data"));
        JsonNode json =
                data.isString() && !format.equals("gpt4all")
                        ? Json.parse(data.stringValue())
                        : data;
        List<Imported> found =
                switch (format) {
                    case "snoozy" -> SnoozyFormat.read(json);
                    case "openwebui" -> ForeignJson.openWebUi(json);
                    case "chatgpt" -> ForeignJson.chatGpt(json);
                    case "gpt4all" -> gpt4All(data);
                    default ->
                            throw fields.invalid(
                                    "format",
                                    "expected snoozy, gpt4all, openwebui or chatgpt, found "
                                            + format);
                };
        if (found.isEmpty()) {
            throw HttpProblem.invalid("data", "found no chat of " + format + " in it");
        }
        ArrayNode skipped = Json.array();
        for (Imported chat : found) {
            Chat kept = titled(chat);
            chats.add(kept, chat.messages());
            if (!chat.lost().isEmpty()) {
                skipped.add(kept.title() + ": " + chat.lost());
            }
        }
        ObjectNode answer = Json.object().put("chats", found.size());
        answer.set("skipped", skipped);
        call.json(answer);
    }

    private static Chat titled(Imported imported) {
        Chat chat = imported.chat();
        String title =
                chat.title().isBlank()
                        ? imported.messages().stream()
                                .filter(message -> message.role().equals("user"))
                                .findFirst()
                                .map(Message::content)
                                .orElse("")
                        : chat.title();
        return chat.as(chat.id(), Messages.title(title));
    }

    /** A file in base 64, or several; or lists of messages. */
    private static List<Imported> gpt4All(JsonNode data) {
        if (!data.isString()) {
            return ForeignJson.lists(data);
        }
        String text = data.stringValue();
        if (text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[")) {
            return ForeignJson.lists(Json.parse(text));
        }
        try {
            return List.of(Gpt4AllFile.read(Base64.getDecoder().decode(text.strip())));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.invalid("data", "expected a chat file of GPT4All in base 64");
        }
    }
}
