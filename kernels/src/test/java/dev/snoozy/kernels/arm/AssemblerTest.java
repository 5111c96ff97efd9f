package dev.snoozy.kernels.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.kernels.arm.Vec.Arrangement;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every instruction in every form, against the bytes that GNU as gives for its text. The resource
 * {@code encodings.txt} has a line {@code text | bytes} for each.
 */
class AssemblerTest {
    /** Registers of a result, a first and a last source. */
    private static final int[][] REGISTERS = {{1, 2, 3}, {25, 14, 31}, {6, 30, 16}};

    private static final int[] COUNTS = {0, 1, 4, 7, 8, 15, 16, 23, 31, 32, 63, 64};

    @Test
    void everyFormHasTheBytesOfAnOutsideAssembler() throws IOException {
        Map<String, String> expected = expected();
        Map<String, byte[]> found = found();
        found.forEach((text, code) ->
                assertThat(HexFormat.of().formatHex(code)).as(text).isEqualTo(expected.get(text)));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
    }

    @Test
    void aFormThatAnInstructionHasNotIsRefused() {
        Vec v = Vec.v(1);
        refused(a -> a.op(NeonOp.SDOT, v.h8(), v, v), "SDOT has no form with these operands");
        refused(a -> a.op(NeonOp.SDOT, v.s4(), v, v.h8()), "SDOT has no form with these operands");
        refused(a -> a.op(NeonOp.SUDOT, v.s4(), v, v), "SUDOT has no form with these operands");
        refused(a -> a.op(NeonOp.FADD, v.s4(), v.s4(), v.s(0)), "FADD has no form");
        refused(a -> a.op(NeonOp.FMUL, v.s4(), v.s4(), v.b4(0)), "FMUL has no form");
        refused(a -> a.op(NeonOp.FADD, v.s4(), v.s4()), "FADD has no form");
        refused(a -> a.op(NeonOp.SHL, v, v), "SHL has no form");
        refused(a -> a.op(NeonOp.SXTL, v.h8(), v.h8()), "SXTL has no form");
        refused(a -> a.shift(NeonOp.ADD, v, v, 1), "ADD has no form");
        refused(a -> a.shift(NeonOp.USHR, v, v, 0), "USHR of B16 by 0");
        refused(a -> a.shift(NeonOp.SHL, v, v, 8), "SHL of B16 by 8");
    }

    @Test
    void numbersThatFitNoWordAreRefused() {
        refused(a -> a.add(Reg.X1, Reg.X2, 4097), "found 4097");
        refused(a -> a.sub(Reg.X1, Reg.X2, -1), "found -1");
        refused(a -> a.add(Reg.X1, Reg.X2, Reg.SP), "the stack pointer cannot stand here");
        refused(a -> a.load(Vec.v(0), Reg.X1.at(65536)), "no access of 16 bytes at");
        refused(a -> a.load(Vec.v(0), Reg.X1.at(264)), "no access of 16 bytes at");
        refused(a -> a.loadPair(Vec.v(0), Vec.v(1), Reg.X1.at(1024)), "no pair of 16 bytes at");
        refused(a -> a.loadPair(Vec.v(0), Vec.v(1).d(), Reg.X1.at(0)), "no pair: ");
        refused(a -> a.loadMany(Vec.v(0), 5, Reg.X1), "1 to 4 vectors, not 5");
        refused(a -> a.movi(Vec.v(0), 256), "cannot set the bytes");
        refused(a -> a.dup(Vec.v(0), Vec.v(1).s(0)), "cannot spread");
        refused(a -> a.lsl(Reg.X1, Reg.X2, 64), "a shift is 0 to 63");
        refused(a -> Vec.v(3).s(4), "a register has 4 elements S, found 4");
        refused(a -> Vec.v(32), "vector registers are 0 to 31, found 32");
    }

    private static void refused(Consumer<Assembler> write, String message) {
        assertThatThrownBy(() -> write.accept(new Assembler()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aBranchReachesItsLabel() {
        Assembler a = new Assembler();
        a.mov(Reg.X3, Reg.X0);
        Assembler.Label loop = a.label(16);
        a.subs(Reg.X3, Reg.X3, 1);
        a.branchIfNotZero(loop);
        a.branchIfPositive(loop);
        a.branchIfNotZero(Reg.X3, loop);
        a.ret();
        assertThat(HexFormat.of().formatHex(a.code()))
                .isEqualTo(
                        "e30300aa"
                                + "1f2003d5".repeat(3)
                                + "630400f1e1ffff54ccffff54a3ffffb5c0035fd6");
    }

    @Test
    void aLongNumberIsMovedInParts() {
        Assembler found = new Assembler();
        found.mov(Reg.X5, 0x1234_0000_5678_9ABCL);
        Assembler expected = new Assembler();
        expected.movz(Reg.X5, 0x9ABC, 0);
        expected.movk(Reg.X5, 0x5678, 16);
        expected.movk(Reg.X5, 0x1234, 48);
        assertThat(found.code()).isEqualTo(expected.code());
    }

    /** All forms, by their text. */
    static Map<String, byte[]> found() {
        Map<String, byte[]> found = new LinkedHashMap<>();
        scalars(found);
        memory(found);
        for (NeonOp op : NeonOp.values()) {
            for (Arrangement to : Arrangement.values()) {
                for (Arrangement from : Arrangement.values()) {
                    if (op.takes(to, from)) {
                        vectors(op, to, from, found);
                    }
                }
            }
        }
        for (Arrangement as : Arrangement.values()) {
            if (!as.isScalar()) {
                spread(as, found);
            }
        }
        put(found, "movi v3.2d, #0", a -> a.zero(Vec.v(3)));
        put(found, "movi v30.16b, #165", a -> a.movi(Vec.v(30), 165));
        put(found, "movi v4.8b, #31", a -> a.movi(Vec.v(4).b8(), 31));
        return found;
    }

    private static void scalars(Map<String, byte[]> found) {
        put(found, "mov sp, x3", a -> a.mov(Reg.SP, Reg.X3));
        put(found, "mov x9, sp", a -> a.mov(Reg.X9, Reg.SP));
        put(found, "ret", Assembler::ret);
        for (Reg[] r : new Reg[][] {{Reg.X1, Reg.X2, Reg.X3}, {Reg.X30, Reg.X17, Reg.X8}}) {
            Reg to = r[0];
            Reg x = r[1];
            Reg y = r[2];
            String two = name(to) + ", " + name(x);
            String three = two + ", " + name(y);
            put(found, "mov " + two, a -> a.mov(to, x));
            put(found, "add " + three, a -> a.add(to, x, y));
            put(found, "sub " + three, a -> a.sub(to, x, y));
            put(found, "subs " + three, a -> a.subs(to, x, y));
            put(found, "mul " + three, a -> a.mul(to, x, y));
            put(found, "madd " + three + ", x11", a -> a.madd(to, x, y, Reg.X11));
            for (int value : new int[] {0, 1, 64, 4095, 4096, 0xFFF000}) {
                put(found, "add " + two + ", #" + value, a -> a.add(to, x, value));
                put(found, "sub " + two + ", #" + value, a -> a.sub(to, x, value));
                put(found, "subs " + two + ", #" + value, a -> a.subs(to, x, value));
            }
            for (int count : new int[] {1, 6, 32, 63}) {
                put(found, "lsl " + two + ", #" + count, a -> a.lsl(to, x, count));
                put(found, "lsr " + two + ", #" + count, a -> a.lsr(to, x, count));
            }
            for (int shift = 0; shift < 64; shift += 16) {
                int by = shift;
                String value = name(to) + ", #" + (40_000 + shift) + ", lsl #" + shift;
                put(found, "movz " + value, a -> a.movz(to, 40_000 + by, by));
                put(found, "movk " + value, a -> a.movk(to, 40_000 + by, by));
            }
        }
        put(found, "add sp, sp, #64", a -> a.add(Reg.SP, Reg.SP, 64));
        put(found, "sub sp, sp, #64", a -> a.sub(Reg.SP, Reg.SP, 64));
    }

    private static void memory(Map<String, byte[]> found) {
        for (Reg base : new Reg[] {Reg.X0, Reg.X17, Reg.SP}) {
            for (int offset : new int[] {0, 8, 16, 4080, 65_520, -256, -8, 3, 255}) {
                Mem mem = base.at(offset);
                access(mem, found);
            }
            for (int offset : new int[] {0, 16, 256, 496, -16, -512}) {
                Mem mem = base.at(offset);
                String text = text(mem);
                put(found, "ldp x4, x29, " + text, a -> a.loadPair(Reg.X4, Reg.X29, mem));
                put(found, "stp x4, x29, " + text, a -> a.storePair(mem, Reg.X4, Reg.X29));
                Vec x = Vec.v(5);
                Vec y = Vec.v(26);
                put(found, "ldp q5, q26, " + text, a -> a.loadPair(x, y, mem));
                put(found, "stp q5, q26, " + text, a -> a.storePair(mem, x, y));
                put(found, "ldp d5, d26, " + text, a -> a.loadPair(x.d(), y.d(), mem));
                put(found, "stp d5, d26, " + text, a -> a.storePair(mem, x.d(), y.d()));
            }
            for (int offset : new int[] {0, 4, 252, -256}) {
                Mem mem = base.at(offset);
                String text = "s7, s18, " + text(mem);
                Vec x = Vec.v(7).s();
                Vec y = Vec.v(18).s();
                put(found, "ldp " + text, a -> a.loadPair(x, y, mem));
                put(found, "stp " + text, a -> a.storePair(mem, x, y));
            }
        }
    }

    private static void access(Mem mem, Map<String, byte[]> found) {
        String text = text(mem);
        boolean anySize = mem.offset() < 65_520;
        if (anySize) {
            put(found, "ldr x21, " + text, a -> a.load(Reg.X21, mem));
            put(found, "str x21, " + text, a -> a.store(mem, Reg.X21));
            put(found, "ldr w2, " + text, a -> a.loadInt(Reg.X2, mem));
            put(found, "str w2, " + text, a -> a.storeInt(mem, Reg.X2));
        }
        for (Arrangement as :
                new Arrangement[] {
                    Arrangement.B16, Arrangement.B, Arrangement.H, Arrangement.S, Arrangement.D
                }) {
            if (anySize || as == Arrangement.B16) {
                String size = as == Arrangement.B16 ? "q" : as.text();
                Vec vec = new Vec(19, as);
                put(found, "ldr " + size + "19, " + text, a -> a.load(vec, mem));
                put(found, "str " + size + "19, " + text, a -> a.store(mem, vec));
            }
        }
    }

    /** Forms that take an arrangement, whatever the elements mean. */
    private static void spread(Arrangement as, Map<String, byte[]> found) {
        for (Reg base : new Reg[] {Reg.X1, Reg.SP}) {
            String place = ", [" + name(base) + "]";
            Vec one = new Vec(28, as);
            put(found, "ld1r {" + text(one) + "}" + place, a -> a.loadAll(one, base));
            StringBuilder list = new StringBuilder();
            for (int count = 1; count <= 4; count++) {
                list.append(count == 1 ? "" : ", ").append(text(new Vec(8 + count, as)));
                Vec first = new Vec(9, as);
                int many = count;
                put(found, "ld1 {" + list + "}" + place, a -> a.loadMany(first, many, base));
                put(found, "st1 {" + list + "}" + place, a -> a.storeMany(base, first, many));
            }
        }
        Vec to = new Vec(17, as);
        String from = (as.log() == 3 ? "x" : "w") + "20";
        put(found, "dup " + text(to) + ", " + from, a -> a.dup(to, Reg.X20));
        Element.Size size = Element.Size.values()[as.log()];
        for (int number = 0; number < 16 >> as.log(); number++) {
            Element element = new Element(27, size, number);
            put(found, "dup " + text(to) + ", " + text(element), a -> a.dup(to, element));
        }
    }

    private static void vectors(
            NeonOp op, Arrangement toAs, Arrangement fromAs, Map<String, byte[]> found) {
        for (int[] registers : REGISTERS) {
            Vec to = new Vec(registers[0], toAs);
            Vec from = new Vec(registers[1], fromAs);
            String start = name(op, to, from) + " " + text(to) + ", ";
            switch (op.kind()) {
                case ALL_OF_ONE,
                        FLOATS_OF_ONE,
                        LONG,
                        LONG_BY_SHIFT,
                        NARROW,
                        FLOAT_LONG,
                        FLOAT_NARROW,
                        ACROSS,
                        FLOAT_ACROSS -> {
                    String end = op == NeonOp.SHLL ? ", #" + (8 << fromAs.log()) : "";
                    put(found, start + text(from) + end, a -> a.op(op, to, from));
                }
                case SHIFT_LEFT, SHIFT_RIGHT -> {
                    int bits = 8 << toAs.log();
                    int least = op.kind() == NeonOp.Kind.SHIFT_LEFT ? 0 : 1;
                    for (int count : COUNTS) {
                        if (count >= least && count < bits + least) {
                            String text = start + text(from) + ", #" + count;
                            put(found, text, a -> a.shift(op, to, from, count));
                        }
                    }
                }
                default -> {
                    Vec last = new Vec(registers[2], fromAs);
                    String table = "{" + text(from) + "}";
                    String both = start + (op == NeonOp.TBL ? table : text(from)) + ", ";
                    if (op.word() != 0) {
                        put(found, both + text(last), a -> a.op(op, to, from, last));
                    }
                    if (op.elementWord() != 0) {
                        elements(op, to, from, last.index(), both, found);
                    }
                }
            }
        }
    }

    private static void elements(
            NeonOp op, Vec to, Vec from, int index, String start, Map<String, byte[]> found) {
        Element.Size size = op.element(to.as());
        for (int number = 0; number < 16 >> size.log(); number++) {
            Element element = new Element(index, size, number);
            put(found, start + text(element), a -> a.op(op, to, from, element));
        }
    }

    private static String name(NeonOp op, Vec to, Vec from) {
        boolean upper =
                switch (op.kind()) {
                    case LONG, LONG_BY_SHIFT, FLOAT_LONG -> from.as().bytes() == 16;
                    case NARROW, FLOAT_NARROW -> to.as().bytes() == 16;
                    default -> false;
                };
        return op.name().toLowerCase(Locale.ROOT) + (upper ? "2" : "");
    }

    private static String name(Reg register) {
        return register.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Vec vec) {
        return vec.as().isScalar()
                ? vec.as().text() + vec.index()
                : "v" + vec.index() + "." + vec.as().text();
    }

    private static String text(Element element) {
        return "v" + element.index() + "." + element.size().text() + "[" + element.number() + "]";
    }

    private static String text(Mem mem) {
        return "[" + name(mem.base()) + ", #" + mem.offset() + "]";
    }

    private static void put(Map<String, byte[]> found, String text, Consumer<Assembler> write) {
        Assembler assembler = new Assembler();
        write.accept(assembler);
        found.put(text, assembler.code());
    }

    private static Map<String, String> expected() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        try (InputStream in = AssemblerTest.class.getResourceAsStream("encodings.txt")) {
            if (in == null) {
                throw new AssertionError("no encodings.txt");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> {
                        int bar = line.indexOf(" | ");
                        expected.put(line.substring(0, bar), line.substring(bar + 3));
                    });
        }
        return expected;
    }
}
