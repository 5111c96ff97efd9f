import org.jspecify.annotations.NullMarked;

/** The studio: a laboratory in the browser, its data and the requests that only it makes. */
@NullMarked
module dev.snoozy.studio {
    requires static org.jspecify;
    requires dev.snoozy.compress;
    requires dev.snoozy.cook;
    requires dev.snoozy.curate;
    requires dev.snoozy.documents;
    requires dev.snoozy.eval;
    requires transitive dev.snoozy.server;
    requires dev.snoozy.tune;
    requires java.management;
    requires java.sql;
    requires jdk.management;
    requires org.xerial.sqlitejdbc;

    exports dev.snoozy.studio;
    exports dev.snoozy.studio.models;
}
