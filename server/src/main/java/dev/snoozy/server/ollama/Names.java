package dev.snoozy.server.ollama;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;

import java.util.Optional;

/** Names of models, which have a tag in Ollama: {@code name:latest} is {@code name}. */
final class Names {
    private static final String LATEST = ":latest";

    private Names() {}

    /** The model that a request names. */
    static ModelFiles.Entry entry(Fields fields, ModelFiles files) {
        return entry(fields, "model", files);
    }

    /**
     * The model that a field names.
     *
     * @throws HttpProblem if the field says nothing, or there is no such model
     */
    static ModelFiles.Entry entry(Fields fields, String field, ModelFiles files) {
        String name = fields.requiredString(field);
        if (name.isBlank()) {
            throw fields.missing(field);
        }
        return find(name, files)
                .orElseThrow(() ->
                        new HttpProblem(Kind.MODEL_NOT_FOUND, "model '" + name + "' not found"));
    }

    private static Optional<ModelFiles.Entry> find(String name, ModelFiles files) {
        String untagged = untagged(name);
        String other = untagged.equals(name) ? name + LATEST : untagged;
        return files.find(name).or(() -> other.isEmpty() ? Optional.empty() : files.find(other));
    }

    /** A name without the tag that says nothing. */
    static String untagged(String name) {
        return name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
    }

    /** A name as it is shown: with a tag. */
    static String tagged(String name) {
        return name.contains(":") ? name : name + LATEST;
    }
}
