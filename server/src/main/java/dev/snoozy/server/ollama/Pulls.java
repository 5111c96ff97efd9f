package dev.snoozy.server.ollama;

import dev.snoozy.hub.PullListener;
import dev.snoozy.hub.PullProgress;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.LineStream;
import dev.snoozy.server.models.ModelFiles;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** {@code POST /api/pull}: fetches a model and tells how far it is. */
final class Pulls {
    private static final int SHORT_DIGEST = 12;
    private static final String STATUS = "status";

    private final Service service;

    Pulls(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String field = fields.has("name") && !fields.has("model") ? "name" : "model";
        String name = fields.requiredString(field);
        if (name.isBlank()) {
            throw fields.missing(field);
        }
        if (fields.bool("insecure", false)) {
            throw HttpProblem.unsupported("insecure", "a model is fetched over https only");
        }
        Requests.refuseUnlessEmpty(fields, "username", "a token is given to the server itself");
        Requests.refuseUnlessEmpty(fields, "password", "a token is given to the server itself");
        boolean stream = fields.bool("stream", true);
        ModelFiles.Fetch fetch = service.pool().files().fetch(reference(fields, field, name));
        try {
            if (stream) {
                streamed(new Lines(exchange.lines()), fetch);
            } else {
                fetch.run(PullListener.NONE);
                exchange.json(status("success"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the client has left; what arrived is kept
        }
    }

    private static void streamed(Lines lines, ModelFiles.Fetch fetch) throws InterruptedException {
        lines.send(status("pulling manifest"));
        try {
            fetch.run(lines);
            lines.send(status("writing manifest"));
            lines.send(status("success"));
        } catch (HttpProblem e) {
            lines.send(OllamaErrors.of(e));
        }
        lines.end();
    }

    /** A name without a host is that of Ollama's registry; addresses are nobody's business here. */
    private static String reference(Fields fields, String field, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("://")) {
            throw fields.invalid(field, "expected the name of a model, found an address");
        }
        for (String host : new String[] {"hf.co/", "huggingface.co/"}) {
            if (lower.startsWith(host)) {
                return "hf://" + name.substring(host.length());
            }
        }
        return "ollama://" + name.replaceFirst("^registry\\.ollama\\.ai/", "");
    }

    private static ObjectNode status(String text) {
        return Json.object().put(STATUS, text);
    }

    /** Progress as lines: what has not changed is not sent again. */
    private static final class Lines implements PullListener {
        private final LineStream stream;
        private @Nullable ObjectNode last;

        Lines(LineStream stream) {
            this.stream = stream;
        }

        @Override
        public void progress(PullProgress at) {
            switch (at.phase()) {
                case DOWNLOADING -> send(pulling(at));
                case VERIFYING -> send(status("verifying sha256 digest"));
                case WAITING -> send(status("waiting for another download of this model"));
                case RESOLVING, DONE -> {
                    // said already, or about to be
                }
            }
        }

        private static ObjectNode pulling(PullProgress at) {
            boolean known = !at.sha256().isEmpty();
            String what = known ? at.sha256().substring(0, SHORT_DIGEST) : at.file();
            ObjectNode node = status("pulling " + what);
            if (known) {
                node.put("digest", "sha256:" + at.sha256());
            }
            return node.put("total", at.fileTotal()).put("completed", at.fileDone());
        }

        void send(ObjectNode node) {
            if (!node.equals(last)) {
                stream.line(node);
                last = node;
            }
        }

        void end() {
            stream.end();
        }
    }
}
