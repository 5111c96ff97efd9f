package dev.snoozy.studio.jobs;

import dev.snoozy.hub.PullProgress;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.List;

/**
 * {@code pull}: a model from the network, verified; what has arrived is kept, so that a retry goes
 * on from there. Field: {@code reference}, as {@code user/repository:QUANT} of Hugging Face, or
 * {@code ollama://name:tag}.
 */
final class PullKind implements JobKind {
    private static final List<String> SCHEMES = List.of("hf://", "ollama://", "https://");

    private final ModelFiles files;

    PullKind(ModelFiles files) {
        this.files = files;
    }

    @Override
    public String name() {
        return "pull";
    }

    @Override
    public Lane lane() {
        return Lane.NETWORK;
    }

    @Override
    public String title(Fields request) {
        return "Fetch " + reference(request);
    }

    private static String reference(Fields request) {
        String reference = request.requiredString("reference").strip();
        if (reference.isEmpty()) {
            throw request.missing("reference");
        }
        boolean complete = SCHEMES.stream().anyMatch(reference::startsWith);
        if (!complete && reference.contains("://")) {
            throw request.invalid(
                    "reference", "expected one of " + SCHEMES + ", found " + reference);
        }
        return complete ? reference : "hf://" + reference;
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        String reference = reference(request);
        try {
            files.fetch(reference).run(at -> tell(at, progress));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; a retry goes on from what has arrived", e);
        }
        return Json.object().put("reference", reference);
    }

    private static void tell(PullProgress at, JobProgress progress) {
        progress.at(at.done(), at.total(), "bytes");
    }
}
