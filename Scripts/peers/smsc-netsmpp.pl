#!/usr/bin/env perl
# Purpose: an SMSC on loopback for tests, made of Perl's Net::SMPP (libnet-smpp-perl), which this project did not write.
# Usage: smsc-netsmpp.pl [--port N] [--log FILE] [--dlr SECONDS] [--before] [--ids same|hexThenDecimal|decimalThenHex]
#        [--tlv] [--rate N] [--late SECONDS] [--shuffle N] [--unbind-after N] [--stall-after N] [--drop-after N] [--mo TEXT]
#        [--enquire SECONDS] [--password WORD] [--bind-status N] [--no-transceiver] [--nack N] [--plain]
#        prints its port once it listens, ends when its standard input closes.
# Exit codes: 0 ended, 2 wrong arguments, 3 Net::SMPP is missing.
#
# By the last two digits: as smsc-smpp34.py.
use strict;
use warnings;
use Getopt::Long;
use IO::Select;
use Time::HiRes qw(time sleep);
eval { require Net::SMPP; 1 } or exit 3;

my %o = (port => 0, dlr => 0.05, ids => 'same', rate => 0, late => 0, shuffle => 0, 'unbind-after' => 0,
    'stall-after' => 0, 'drop-after' => 0, enquire => 0, 'bind-status' => 0, nack => 0);
GetOptions(\%o, 'port=i', 'log=s', 'dlr=f', 'before', 'ids=s', 'tlv', 'rate=i', 'late=f', 'shuffle=i', 'unbind-after=i',
    'stall-after=i', 'drop-after=i', 'mo=s', 'enquire=f', 'password=s', 'bind-status=i', 'no-transceiver', 'nack=i', 'plain')
    or exit 2;

my %refusal = (90 => 0x0B, 91 => 0x58, 92 => 0x14, 93 => 0x08);
my %states = (80 => ['UNDELIV'], 81 => ['EXPIRED'], 82 => ['REJECTD'], 83 => [], 84 => ['DELIVRD', 'DELIVRD'],
    85 => ['ENROUTE', 'DELIVRD']);
if ($o{plain}) { %refusal = (); %states = () }
my %code = (ENROUTE => 1, DELIVRD => 2, EXPIRED => 3, UNDELIV => 5, REJECTD => 8);

$SIG{__WARN__} = sub { };
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $o{port}, smpp_version => 0x34, interface_version => 0x34)
    or die "can't listen: $!";
$| = 1;
print $listener->sockport, "\n";

my $log;
if ($o{log}) { open $log, '>>', $o{log} or die $!; $log->autoflush(1); }
$SIG{CHLD} = 'IGNORE';
my $watch = IO::Select->new($listener, \*STDIN);
my @children;
while (1) {
    for my $ready ($watch->can_read) {
        if ($ready == \*STDIN) {
            next if sysread(STDIN, my $ignored, 4096);
            kill 'KILL', @children;
            exit 0;
        }
        my $smpp = $listener->accept or next;
        my $child = fork;
        if (!$child) { close $listener; session($smpp); exit 0; }
        push @children, $child;
        close $smpp;
    }
}

# One bound session, until it ends.
sub session {
    my ($smpp) = @_;
    my ($count, @later, @held) = (0);
    my ($second, $in_second, $enquired, $seq) = (0, 0, time, 0x1000);
    my $select = IO::Select->new($smpp);
    srand($$ ^ time);
    # Ids differ from one session to the next.
    my $base = int(rand(0x0FFFFFFF)) + 0x10000000;
    my $deliver = sub {
        my ($from, $to, $class, $text, @parameters) = @_;
        $smpp->deliver_sm(source_addr => $from, source_addr_ton => 1, source_addr_npi => 1, destination_addr => $to,
            esm_class => $class, short_message => $text, @parameters, seq => ++$seq, async => 1);
    };
    my $receipts = sub {
        my ($pdu, $id, $wait) = @_;
        my $due = time;
        for my $state (@{ $states{ substr $pdu->{destination_addr}, -2 } // ['DELIVRD'] }) {
            $due += $wait;
            my $text = "id:$id sub:001 dlvrd:001 submit date:2611221000 done date:2611221000 stat:$state err:000 text:";
            my @parameters = $o{tlv} ? (receipted_message_id => "$id\0", message_state => chr $code{$state}) : ();
            my $class = $state eq 'ENROUTE' ? 0x20 : 0x04;
            my $send = sub { $deliver->($pdu->{destination_addr}, $pdu->{source_addr}, $class, $text, @parameters) };
            if ($wait > 0) { push @later, [$due, $send] } else { $send->() }
        }
    };
    my $answer = sub {
        my ($pdu, $status, $given, $receipted) = @_;
        if ($status) { $smpp->submit_sm_resp(seq => $pdu->{seq}, status => $status, message_id => ''); return }
        $receipts->($pdu, $receipted, 0) if $o{before};
        $smpp->submit_sm_resp(seq => $pdu->{seq}, status => 0, message_id => $given);
        $receipts->($pdu, $receipted, $o{dlr}) if !$o{before} && $pdu->{registered_delivery} & 1 && $o{dlr} >= 0;
    };
    while (1) {
        @later = sort { $a->[0] <=> $b->[0] } @later if @later;
        my $wait = @later ? $later[0][0] - time : 0.2;
        $wait = 0 if $wait < 0;
        my @ready = $select->can_read($wait < 0.2 ? $wait : 0.2);
        while (@later && $later[0][0] <= time) { (shift @later)->[1]->() }
        if ($o{enquire} && time - $enquired > $o{enquire}) {
            $enquired = time;
            $smpp->enquire_link(seq => ++$seq, async => 1);
            note({ enquire => 1 });
        }
        next if !@ready;
        my $pdu = $smpp->read_pdu or return;
        my $command = $pdu->{cmd};
        if ($command == 1 || $command == 2 || $command == 9) {
            my $status = $o{'bind-status'};
            $status ||= 0x0E if defined $o{password} && $pdu->{password} ne $o{password};
            $status ||= 0x03 if $o{'no-transceiver'} && $command == 9;
            my $answer = { 1 => 'bind_receiver_resp', 2 => 'bind_transmitter_resp', 9 => 'bind_transceiver_resp' }->{$command};
            $smpp->$answer(seq => $pdu->{seq}, status => $status, system_id => 'NETSMPP');
            return if $status;
            if (defined $o{mo} && $command != 2) {
                push @later, [time + 0.1, sub { $deliver->('33639980001', '36180', 0, $o{mo}) }];
            }
        } elsif ($command == 4) {
            $count++;
            my ($given, $receipted) = ids($base + $count);
            if (int(time) != $second) { ($second, $in_second) = (int(time), 0) }
            $in_second++;
            my $status = $o{rate} && $in_second > $o{rate} ? 0x58 : $refusal{ substr $pdu->{destination_addr}, -2 } // 0;
            note({ to => $pdu->{destination_addr}, from => $pdu->{source_addr}, status => $status, id => $given,
                esm => $pdu->{esm_class}, dcs => $pdu->{data_coding}, octets => unpack('H*', $pdu->{short_message}),
                source => [$pdu->{source_addr_ton}, $pdu->{source_addr_npi}], registered => $pdu->{registered_delivery},
                validity => $pdu->{validity_period}, at => time });
            return if $o{'drop-after'} && $count > $o{'drop-after'};
            next if $o{'stall-after'} && $count > $o{'stall-after'};
            if ($o{nack} && $count % $o{nack} == 0) { $smpp->generic_nack(seq => $pdu->{seq}, status => 0x08); next }
            my @arguments = ($pdu, $status, $given, $receipted);
            if ($o{late}) { push @later, [time + $o{late}, sub { $answer->(@arguments) }] }
            elsif ($o{shuffle}) {
                push @held, \@arguments;
                if (@held >= $o{shuffle}) { $answer->(@$_) for reverse @held; @held = () }
            } else { $answer->(@arguments) }
            if ($o{'unbind-after'} && $count == $o{'unbind-after'}) { $smpp->unbind(seq => ++$seq, async => 1) }
        } elsif ($command == 0x15) {
            $smpp->enquire_link_resp(seq => $pdu->{seq}) if !($o{'stall-after'} && $count > $o{'stall-after'});
        } elsif ($command == 0x80000015) {
            note({ enquired => 1 });
        } elsif ($command == 6) {
            $smpp->unbind_resp(seq => $pdu->{seq});
            note({ unbound => 1 });
            return;
        } elsif ($command == 0x80000006) {
            return;
        }
    }
}

# The id as the response has it, and as the receipt has it.
sub ids {
    my ($number) = @_;
    return (sprintf('%X', $number), "$number") if $o{ids} eq 'hexThenDecimal';
    return ("$number", sprintf('%x', $number)) if $o{ids} eq 'decimalThenHex';
    return (sprintf('%010d', $number)) x 2;
}

sub note {
    my ($fields) = @_;
    return if !$log;
    my @pairs = map {
        my $value = $fields->{$_};
        my $text = ref $value ? '[' . join(',', @$value) . ']' : /^(?:to|from|id|octets|validity)$/ ? "\"$value\"" : $value;
        "\"$_\":$text"
    } sort keys %$fields;
    # One write, so that the sessions' lines do not mix.
    syswrite $log, '{' . join(',', @pairs) . "}\n";
}
