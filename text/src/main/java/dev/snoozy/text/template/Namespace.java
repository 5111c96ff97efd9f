package dev.snoozy.text.template;

/** The object that {@code namespace()} makes: the only one a template can change. */
final class Namespace {
    private final Dict attributes;

    Namespace(Dict attributes) {
        this.attributes = attributes;
    }

    Dict attributes() {
        return attributes;
    }
}
