package dev.snoozy.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, and of the Java it runs on. */
public final class Version implements IVersionProvider {
    /** The version of this build, in words if it has no number. */
    public static String number() {
        String own = Main.class.getPackage().getImplementationVersion();
        return own == null ? "(built from sources)" : own;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "snoozy " + number(), "Java " + Runtime.version() + ", " + System.getProperty("os.name")
        };
    }
}
