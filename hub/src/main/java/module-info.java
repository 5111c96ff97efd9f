import org.jspecify.annotations.NullMarked;

/** The models on this machine, and verified downloads. */
@NullMarked
module dev.snoozy.hub {
    requires static org.jspecify;
    requires java.net.http;
    requires transitive dev.snoozy.format;
    requires tools.jackson.databind;

    exports dev.snoozy.hub;
}
