package dev.snoozy.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, and of the Java it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String own = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "snoozy " + (own == null ? "(built from sources)" : own),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name")
        };
    }
}
