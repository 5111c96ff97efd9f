package dev.snoozy.studio.jobs;

import dev.snoozy.hub.PullListener;
import dev.snoozy.hub.PullProgress;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
    public boolean goesOn() {
        return true;
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
        Telling telling = new Telling(progress);
        try {
            files.fetch(reference).run(telling);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; a retry goes on from what has arrived", e);
        }
        ObjectNode result = Json.object().put("reference", reference);
        if (!telling.name.isEmpty()) {
            result.put("name", telling.name).put("bytes", telling.bytes);
        }
        return result;
    }

    /** Tells of a pull as jobs do: each phase of a file once in the log. Used by one thread. */
    private static final class Telling implements PullListener {
        private final JobProgress progress;
        private String said = "";
        private String name = "";
        private long bytes;

        Telling(JobProgress progress) {
            this.progress = progress;
        }

        @Override
        public void progress(PullProgress at) {
            String phase =
                    switch (at.phase()) {
                        case WAITING -> "another program fetches the same model: waiting for it";
                        case RESOLVING -> "asking where it is";
                        case DOWNLOADING -> "fetching " + at.file();
                        case VERIFYING -> "verifying " + at.file();
                        case DONE -> "proven, and in the folder of models";
                    };
            if (!phase.equals(said)) {
                said = phase;
                progress.log(phase);
            }
            if (at.total() > 0) {
                progress.at(at.done(), at.total(), "bytes");
            }
        }

        @Override
        public void note(String what) {
            progress.log(what);
        }

        @Override
        public void stored(StoredModel model) {
            name = model.name();
            bytes = model.bytes();
        }
    }
}
