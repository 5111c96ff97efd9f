import org.jspecify.annotations.NullMarked;

/** The snoozy command. */
@NullMarked
module dev.snoozy.cli {
    requires static org.jspecify;
    requires dev.snoozy.compress;
    requires dev.snoozy.cook;
    requires dev.snoozy.curate;
    requires dev.snoozy.documents;
    requires dev.snoozy.engine;
    requires dev.snoozy.eval;
    requires dev.snoozy.hub;
    requires dev.snoozy.server;
    requires dev.snoozy.studio;
    requires dev.snoozy.tune;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires info.picocli;
    requires org.jline.reader;
    requires org.jline.terminal;
    requires tools.jackson.databind;

    exports dev.snoozy.cli;

    opens dev.snoozy.cli to
            info.picocli;
    opens dev.snoozy.cli.bench to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.compress to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.conformance to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.cook to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.curate to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.docs to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.doctor to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.eval to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.hub to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.run to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.serve to
            info.picocli;
    opens dev.snoozy.cli.show to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.text to
            info.picocli,
            tools.jackson.databind;
    opens dev.snoozy.cli.tune to
            info.picocli,
            tools.jackson.databind;
}
