package dev.snoozy.style;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.List;

/** Which room may use which: the table of docs/architecture.md. */
class DirectionTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.snoozy");

    private static final String INCUBATOR = "jdk.incubator.vector..";

    /** The one room whose packages lie below those of another. */
    private static final String VECTOR = "kernels.vector";

    private record Room(String name, String... mayUse) {}

    private static final List<Room> ROOMS =
            List.of(
                    new Room("format"),
                    new Room("text", "format"),
                    new Room("kernels", "format"),
                    new Room(VECTOR, "format", "kernels"),
                    new Room("engine", "format", "kernels", "text"),
                    new Room("compress", "format", "kernels", "text", "engine"),
                    new Room("tune", "format", "kernels", "text", "engine"));

    private static final String SYSTEM = "kernels.system";
    private static final String X86 = "kernels.x86";
    private static final String ARM = "kernels.arm";
    private static final String SCALAR = "kernels.scalar";
    private static final String MEMORY = "kernels.machine.memory";
    private static final String CODE = "kernels.machine.code";
    private static final String PACKING = "kernels.machine.packing";
    private static final String ROWS = "kernels.machine.rows";
    private static final String PRODUCTS = "kernels.machine.products";
    private static final String ATTENTION = "kernels.machine.attention";

    /** The packages below the kernels, beside whose own types each may use some of the others. */
    private static final List<Room> BELOW_THE_KERNELS =
            List.of(
                    new Room(SYSTEM),
                    new Room(X86),
                    new Room(ARM, SYSTEM),
                    new Room(SCALAR),
                    new Room(MEMORY, SYSTEM),
                    new Room(CODE, SYSTEM, X86, ARM),
                    new Room(PACKING, MEMORY, SCALAR),
                    new Room(ROWS, X86, MEMORY, CODE, PACKING),
                    new Room(PRODUCTS, SCALAR, X86, ARM, MEMORY, CODE, PACKING, ROWS),
                    new Room(ATTENTION, SYSTEM, X86, MEMORY, CODE));

    @TestFactory
    List<DynamicTest> roomsUseOnlyWhatTheyMayAndTheJdk() {
        return ROOMS.stream().map(r -> DynamicTest.dynamicTest(r.name(), () -> check(r))).toList();
    }

    private static void check(Room room) {
        DescribedPredicate<JavaClass> allowed =
                in(room.name())
                        // The JDK: com.sun.management is its module jdk.management.
                        .or(
                                resideInAnyPackage(
                                        "java..", "com.sun.management", "org.jspecify.annotations"))
                        .or(DescribedPredicate.describe("arrays", JavaClass::isArray))
                        .or(DescribedPredicate.describe("primitives", JavaClass::isPrimitive));
        for (String used : room.mayUse()) {
            allowed = allowed.or(in(used));
        }
        if (room.name().equals(VECTOR)) {
            allowed = allowed.or(resideInAPackage(INCUBATOR));
        }
        classes().that(in(room.name())).should().onlyDependOnClassesThat(allowed).check(CLASSES);
    }

    @Test
    void onlyOneRoomKnowsTheIncubatorModule() {
        noClasses()
                .that(not(in(VECTOR)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(INCUBATOR, packages(VECTOR))
                .check(CLASSES);
    }

    @TestFactory
    List<DynamicTest> packagesOfTheKernelsUseOnlyThoseBelowThem() {
        return BELOW_THE_KERNELS.stream()
                .map(r -> DynamicTest.dynamicTest(r.name(), () -> checkBelowTheKernels(r)))
                .toList();
    }

    private static void checkBelowTheKernels(Room room) {
        DescribedPredicate<JavaClass> allowed =
                in(room.name()).or(not(resideInAPackage("dev.snoozy.kernels.*..")));
        for (String used : room.mayUse()) {
            allowed = allowed.or(in(used));
        }
        classes().that(in(room.name())).should().onlyDependOnClassesThat(allowed).check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.snoozy.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void packagesOfTheEngineFormNoCyclesBelowTheApi() {
        slices().matching("dev.snoozy.engine.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** Below the API of the hub; the network and the disk do not know each other. */
    private static final List<Room> HUB =
            List.of(
                    new Room("hub.files"),
                    new Room("hub.store", "hub.files"),
                    new Room("hub.elsewhere", "hub.files"),
                    new Room("hub.download"),
                    new Room("hub.remote", "hub.files", "hub.download"));

    @TestFactory
    List<DynamicTest> packagesOfTheHubUseOnlyThoseBelowThem() {
        return HUB.stream().map(r -> DynamicTest.dynamicTest(r.name(), () -> checkHub(r))).toList();
    }

    private static void checkHub(Room room) {
        DescribedPredicate<JavaClass> allowed =
                in(room.name()).or(not(resideInAPackage("dev.snoozy.hub.*..")));
        for (String used : room.mayUse()) {
            allowed = allowed.or(in(used));
        }
        classes().that(in(room.name())).should().onlyDependOnClassesThat(allowed).check(CLASSES);
    }

    /** The dialects do not know each other; what they share is below them. */
    private static final List<Room> SERVER =
            List.of(
                    new Room("server.http"),
                    new Room("server.models", "server.http"),
                    new Room("server.jobs", "server.http"),
                    new Room("server.generate", "server.http", "server.models"),
                    new Room("server.metrics", "server.http", "server.models", "server.generate"),
                    dialect("server.openai"),
                    dialect("server.anthropic"),
                    dialect("server.ollama"),
                    dialect("server.documents", "server.openai"), // whose errors it writes
                    dialect("server.embed", "server.openai"), // whose errors it writes
                    dialect("server.llamacpp", "server.metrics"));

    private static Room dialect(String name, String... beside) {
        List<String> below = new ArrayList<>(List.of("server.http", "server.models"));
        below.add("server.generate");
        below.addAll(List.of(beside));
        return new Room(name, below.toArray(String[]::new));
    }

    @TestFactory
    List<DynamicTest> packagesOfTheServerUseOnlyThoseBelowThem() {
        return SERVER.stream()
                .map(r -> DynamicTest.dynamicTest(r.name(), () -> checkServer(r)))
                .toList();
    }

    private static void checkServer(Room room) {
        DescribedPredicate<JavaClass> allowed =
                in(room.name()).or(not(resideInAPackage("dev.snoozy.server..")));
        for (String used : room.mayUse()) {
            allowed = allowed.or(in(used));
        }
        classes().that(in(room.name())).should().onlyDependOnClassesThat(allowed).check(CLASSES);
    }

    /** Each part of the studio knows those below it, and its page none. */
    private static final List<Room> STUDIO =
            List.of(
                    new Room("studio.store"),
                    new Room("studio.web"),
                    new Room("studio.api", "studio.store"),
                    new Room("studio.write", "studio.store"),
                    part("studio.models"),
                    new Room(
                            "studio.settings",
                            "studio.store",
                            "studio.api",
                            "studio.write",
                            "studio.models"),
                    part("studio.server"),
                    part("studio.jobs"),
                    part("studio.tune"),
                    part("studio.evaluate"),
                    part("studio.cook"),
                    part("studio.documents"),
                    part("studio.data"),
                    part("studio.transfer"),
                    part("studio.chat"),
                    part("studio.lab"));

    private static Room part(String name) {
        return new Room(name, "studio.store", "studio.api", "studio.write");
    }

    @TestFactory
    List<DynamicTest> packagesOfTheStudioUseOnlyThoseBelowThem() {
        return STUDIO.stream()
                .map(r -> DynamicTest.dynamicTest(r.name(), () -> checkStudio(r)))
                .toList();
    }

    private static void checkStudio(Room room) {
        DescribedPredicate<JavaClass> allowed =
                in(room.name()).or(not(resideInAPackage("dev.snoozy.studio..")));
        for (String used : room.mayUse()) {
            allowed = allowed.or(in(used));
        }
        classes().that(in(room.name())).should().onlyDependOnClassesThat(allowed).check(CLASSES);
    }

    @Test
    void onlyTheStoreOfTheStudioKnowsItsDatabase() {
        noClasses()
                .that(not(in("studio.store")).and(not(in("curate.read"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void onlyTheWebServerKnowsTheNetwork() {
        noClasses()
                .that(not(in("server.http")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void theServerUsesTheEngineAndNoLifeCycleRoom() {
        noClasses()
                .that(in("server"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        packages("compress"),
                        packages("cook"),
                        packages("curate"),
                        packages("eval"),
                        packages("tune"),
                        packages("studio"),
                        packages("cli"))
                .check(CLASSES);
    }

    @Test
    void downloadsKnowFilesAndNoModels() {
        noClasses()
                .that(in("hub.download"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.snoozy.hub")
                .check(CLASSES);
    }

    /** What the engine and the rooms below it export to everybody. */
    private static final String[] API = {
        "dev.snoozy.engine",
        "dev.snoozy.format",
        "dev.snoozy.kernels",
        "dev.snoozy.text",
        "dev.snoozy.text.chat",
        "dev.snoozy.text.grammar",
        "dev.snoozy.text.template",
        "dev.snoozy.text.tokenizer"
    };

    /** Rooms for other frameworks: they have no module descriptor that would keep them out. */
    private static final List<String> INTEGRATIONS = List.of("langchain4j", "springai");

    @TestFactory
    List<DynamicTest> integrationsUseOnlyWhatTheEngineExports() {
        return INTEGRATIONS.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> checkIntegration(name)))
                .toList();
    }

    private static void checkIntegration(String name) {
        DescribedPredicate<JavaClass> allowed =
                in(name).or(resideInAnyPackage(API)).or(not(resideInAPackage("dev.snoozy..")));
        classes().that(in(name)).should().onlyDependOnClassesThat(allowed).check(CLASSES);
        noClasses()
                .that(not(in(name)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages(name))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> in(String room) {
        DescribedPredicate<JavaClass> all = resideInAPackage(packages(room));
        return room.equals("kernels") ? all.and(not(in(VECTOR))) : all;
    }

    private static String packages(String room) {
        return "dev.snoozy." + room + "..";
    }
}
