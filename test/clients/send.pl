# Sends a form: the URL, then `field NAME VALUE` and `file NAME PATH FILENAME`, as many as there are. Prints the status.
use strict;
use warnings;
use HTTP::Request::Common;
use LWP::UserAgent;

my ($url, @rest) = @ARGV;
my @content;
while (@rest) {
    my ($kind, $name, $value) = splice @rest, 0, 3;
    push @content, $name => $kind eq 'field' ? $value : [$value, shift @rest];
}
print LWP::UserAgent->new->request(POST $url, Content_Type => 'form-data', Content => \@content)->code;
